// The process of the Runtime Plane: `npm run runtime`.

import { start } from './bin/start.ts'

await start()
