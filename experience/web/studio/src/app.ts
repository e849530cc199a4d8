import { IconArrowsJoin, IconHome } from '@tabler/icons-react'

import type { App } from '../../ui/shell/app.ts'
import { findData } from './data/find.ts'

export const app: App = {
  name: 'Studio',
  places: [
    { to: '/', label: 'Home', icon: IconHome, key: 'h' },
    { to: '/mash', label: 'New mash', icon: IconArrowsJoin, key: 'm' },
  ],
  finds: 'pages, tables and products',
  find: findData,
}
