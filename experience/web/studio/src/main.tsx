import { startApp } from '../../ui/start-app.tsx'
import { router } from './router.tsx'

startApp(router)
