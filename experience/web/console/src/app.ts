import { IconActivity, IconListDetails, IconPuzzle } from '@tabler/icons-react'

import type { App } from '../../ui/shell/app.ts'
import { findIn } from './find.ts'

export const app: App = {
  name: 'Console',
  places: [
    { to: '/', label: 'Executions', icon: IconActivity, key: 'e' },
    { to: '/sessions', label: 'Sessions', icon: IconListDetails, key: 's' },
    { to: '/capabilities', label: 'Capabilities', icon: IconPuzzle, key: 'c' },
  ],
  keys: [
    [['j', 'k'], 'Through the rows of a list'],
    [['Enter'], 'Open the row'],
  ],
  finds: 'executions, types and sessions',
  find: findIn,
}
