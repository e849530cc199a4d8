import { IconHome } from '@tabler/icons-react'

import type { App } from '../../ui/shell/app.ts'
import { findContents } from './contents.ts'

export const app: App = {
  name: 'Studio',
  places: [{ to: '/', label: 'Home', icon: IconHome, key: 'h' }],
  finds: 'pages and tables',
  find: findContents,
}
