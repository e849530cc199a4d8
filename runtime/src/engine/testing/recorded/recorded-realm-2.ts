// The programs whose logs are in release-2/: those of the first, under the rules of replay that came then, and what is superseded.
// Frozen as the first is.

import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

import { recordedRealm1 } from './recorded-realm-1.ts'

export const recordedRealm2 = defineRealm({
  name: 'recorded',
  version: '1',
  capabilities: [
    ...recordedRealm1.capabilities,
    intent('recorded.superseded', {
      payload: z.object({}),
      result: z.unknown(),
      limit: { debounce: { quiet: '1s' } },
      run: (ctx) => ctx.step('last', () => 'the last one'),
    }),
  ],
})
