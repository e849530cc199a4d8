import { IconActivity } from '@tabler/icons-react'

import type { App } from '../../ui/shell/app.ts'

export const app: App = {
  name: 'Console',
  places: [{ to: '/', label: 'Executions', icon: IconActivity, key: 'e' }],
  finds: 'pages',
  find: () => Promise.resolve([]),
}
