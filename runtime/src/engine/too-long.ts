import { TerminalError } from '@biplane/realm/error'

import { ENTRIES_MAX } from './limits.ts'

/** An execution has as many entries as it may, and wants one more. */
export const tooLong = (): TerminalError =>
  new TerminalError(
    'execution.too_long',
    `An execution may have ${ENTRIES_MAX} entries. Give parts of its work to children, or go on in an intent that it calls detached.`,
  )
