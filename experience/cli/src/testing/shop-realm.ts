// A realm for tests of the command line, as its author would write it in a file: something of each kind that a terminal can meet.

export const SHOP_REALM = `
import { TerminalError, artifact, defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

const Order = z.strictObject({
  sku: z.string().describe('What is ordered'),
  euros: z.int().positive(),
  gift: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  to: z.object({ street: z.string(), floor: z.int().optional() }).optional(),
  speed: z.enum(['slow', 'fast']).default('slow'),
  json: z.string().optional(),
})

const order = intent('corner_shop.order', {
  title: 'Place an order',
  payload: Order,
  result: z.object({ lines: z.array(z.object({ item: z.string(), euros: z.int() })), asked: Order }),
  example: { sku: 'apple', euros: 3 },
  undoable: true,
  async run(ctx, asked) {
    const { sku, euros } = asked
    await ctx.step('reserve', () => 1, { undo: () => undefined })
    if (sku === 'broken') await ctx.step('charge', () => { throw new TerminalError('corner_shop.card', 'The card is refused.') })
    if (euros > 500) {
      ctx.emit('corner_shop.risk', { score: 0.72, reasons: ['a new address'], customer: { name: 'Ada' } })
      await ctx.approval('large', { assignee: 'sales', title: 'Ship ' + sku + '?' })
    }
    if (euros > 5000) await ctx.approval('huge', { title: 'Really?' })
    await ctx.step('ship', (step) => step.progress({ done: 1, total: 4, unit: 'boxes', message: 'packing' }))
    return { lines: [{ item: sku, euros }], asked }
  },
})

const batch = intent('corner_shop.batch', {
  title: 'Several orders',
  payload: z.object({ count: z.int() }),
  result: z.null(),
  async run(ctx, { count }) {
    for (let i = 0; i < count; i++) await ctx.call('corner_shop.order', { sku: 'pear', euros: 1 + i }, { key: String(i) })
    return null
  },
})

const talk = intent('corner_shop.talk', {
  title: 'Talk',
  payload: z.object({}),
  result: z.string(),
  run: (ctx) => ctx.step('think', async (step) => {
    const words = step.stream('words')
    for (const word of ['Good ', 'morning', '!']) await words.write(word)
    return 'said'
  }),
})

const wait = intent('corner_shop.wait', {
  title: 'Wait for a signal',
  payload: z.object({}),
  result: z.json(),
  async run(ctx) {
    return (await ctx.waitFor('go')).payload
  },
})

const stuck = intent('corner_shop.stuck', {
  title: 'Park',
  payload: z.object({}),
  result: z.null(),
  async run(ctx) {
    await ctx.step('take', () => 1, { undo: () => { throw new TerminalError('corner_shop.shelf', 'The shelf is locked.') } })
    await ctx.step('break', () => { throw new TerminalError('corner_shop.broke', 'It broke.') })
    return null
  },
})

const compare = intent('corner_shop.compare', {
  title: 'Compare files',
  payload: z.strictObject({ left: artifact(), right: artifact().optional(), more: z.array(artifact()).optional() }),
  result: z.object({ names: z.array(z.string()) }),
  run: async (_ctx, { left, right, more = [] }) => ({
    names: [left, ...(right ? [right] : []), ...more].map(({ name, size }) => (name ?? 'unnamed') + ' ' + (size ?? '?')),
  }),
})

const stock = query('corner_shop.stock', {
  title: 'What there is',
  payload: z.strictObject({ rows: z.int().min(0).default(2) }),
  result: z.unknown(),
  run: async (_ctx, { rows }) => ({
    items: Array.from({ length: rows }, (_, i) => ({ name: '日本語 ' + 'long '.repeat(12) + i, left: i * 1000, place: { shelf: 'b' + i } })),
    evil: 'a\\u001b[2Jb',
  }),
})

export default defineRealm({ name: 'corner_shop', version: '1', capabilities: [order, batch, talk, wait, stuck, compare, stock] })
`
