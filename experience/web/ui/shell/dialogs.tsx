// The dialogs of the shell, once one was wanted. They stay then, so that the focus goes back to where it was.

import type { App } from './app.ts'
import { Find } from './find.tsx'
import { Shortcuts } from './shortcuts.tsx'

export type Dialog = 'find' | 'keys' | 'none'

export interface DialogsProps {
  app: App
  open: Dialog
  onClose: () => void
  go: (to: string) => void
}

const Dialogs = ({ app, open, onClose, go }: DialogsProps) => (
  <>
    <Find app={app} isOpen={open === 'find'} onClose={onClose} go={go} />
    <Shortcuts app={app} isOpen={open === 'keys'} onClose={onClose} />
  </>
)

export default Dialogs
