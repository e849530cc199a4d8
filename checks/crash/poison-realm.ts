// A step that takes the whole process with it, as one that runs out of memory does.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

export default defineRealm({
  name: 'poison',
  version: '1',
  capabilities: [
    intent('poison.drink', {
      payload: z.null(),
      result: z.null(),
      run: (ctx) => ctx.step('drink', () => process.kill(process.pid, 'SIGKILL')).then(() => null),
    }),
  ],
})
