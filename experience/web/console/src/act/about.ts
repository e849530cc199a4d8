// What each act is called, and what it does.

import type { Act } from './acts.ts'

interface About {
  title: string
  does: string
  button: string
  color?: 'red'
}

export const ABOUT: Record<Act, About> = {
  cancel: {
    title: 'Cancel',
    does: 'It ends, and what its steps did is taken back, last first. Its children are cancelled too.',
    button: 'Cancel the execution',
    color: 'red',
  },
  pause: {
    title: 'Pause',
    does: 'It stops where it is. Steps under way are aborted, and begin again when it is resumed. Signals are kept.',
    button: 'Pause it',
  },
  resume: {
    title: 'Resume',
    does: 'It goes on from where it stopped; a parked one tries its undo again.',
    button: 'Resume it',
  },
  settle: {
    title: 'Settle',
    does: 'A step that somebody undid by hand counts as undone, and the others go on. Or it ends as it is.',
    button: 'Settle it',
    color: 'red',
  },
  retry: {
    title: 'Retry',
    does: 'A new execution of the same intent, from its beginning, in the same session. This one stays as it is.',
    button: 'Retry it',
  },
  fork: {
    title: 'Fork',
    does: 'A new execution that keeps the answers up to a call of this one, and goes on from there. It neither runs nor undoes what it keeps.',
    button: 'Fork it',
  },
  signal: {
    title: 'Signal',
    does: 'Tells it something that it waits for, or will. It is kept until it is taken.',
    button: 'Send the signal',
  },
}
