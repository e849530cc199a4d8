// A realm as its author has it in a file, before and after it gains an intent. `name`: of the realm.

export const PARCEL = { grams: 1_250, to: ['Lima', 'Cusco'], express: true }
export const PRICE = { cents: 2_750, by_way_of: 'Lima > Cusco' }

const WEIGH = (name: string) => `
    intent('${name}.weigh', {
      payload: z.strictObject({ grams: z.int() }),
      result: z.object({ grams: z.int() }),
      run: async (_ctx, { grams }) => ({ grams }),
    }),`

const QUOTE = (name: string) => `
    intent('${name}.quote_price', {
      title: 'Say what a parcel costs',
      payload: z.strictObject({
        grams: z.int().min(1).max(30_000).describe('What it weighs.'),
        to: z.array(z.string()).min(1).describe('Where it goes, place by place.'),
        express: z.boolean().default(false),
      }),
      result: z.object({ cents: z.int(), by_way_of: z.string() }),
      example: ${JSON.stringify(PARCEL)},
      async run(ctx, { grams, to, express }) {
        const cents = await ctx.step('weigh', () => grams + (express ? 1_500 : 250))
        ctx.emit('${name}.weighed', { grams })
        return { cents, by_way_of: to.join(' > ') }
      },
    }),`

export const parcelsBefore = (name: string): string => realm(name, WEIGH(name))
export const parcelsAfter = (name: string): string => realm(name, WEIGH(name) + QUOTE(name))

const realm = (name: string, intents: string): string => `
import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'
export default defineRealm({ name: '${name}', version: '1', capabilities: [${intents}
  ],
})
`
