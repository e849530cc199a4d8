// A realm for tests of Console, as its author would write it in a file: something of each kind that an operator can meet. What is broken
// in it is mended by a file `mended` beside it, as somebody would mend the other side.

export const WORKSHOP_REALM = `
import { existsSync } from 'node:fs'
import { TerminalError, artifact, defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

const isMended = () => existsSync(new URL('./mended', import.meta.url))

const pack = intent('workshop.pack', {
  title: 'Pack one thing',
  payload: z.object({ sku: z.string() }),
  result: z.object({ parcel: z.string() }),
  run: (ctx, { sku }) => ctx.step('wrap', () => ({ parcel: 'parcel of ' + sku }), { undo: () => undefined }),
})

const order = intent('workshop.order', {
  title: 'Build and ship an order',
  description: 'Reserves, charges, packs each thing as a child, asks a person if it is large, and ships. What fails is taken back.',
  payload: z.strictObject({
    sku: z.string().min(1).describe('What is ordered'),
    count: z.int().min(1).max(50).default(1).describe('How many'),
    price: z.number().nonnegative().optional(),
    speed: z.enum(['slow', 'fast']).default('slow'),
    gift: z.boolean().optional().describe('Wrapped, with a card'),
    tags: z.array(z.string()).optional(),
    to: z.object({ street: z.string(), floor: z.int().optional() }).optional().describe('Where it goes'),
    more: z.record(z.string(), z.unknown()).optional().describe('Whatever else there is to say'),
  }),
  result: z.object({ shipped: z.int(), receipt: z.string() }),
  example: { sku: 'lamp', count: 2 },
  undoable: true,
  async run(ctx, { sku, count }) {
    await ctx.step('reserve', () => ({ count }), { undo: () => undefined })
    const charge = await ctx.step('charge', ({ attempt }) => {
      if (attempt < 3) throw new Error('The bank does not answer (503).')
      return 'receipt'
    }, { retry: { times: 3, backoff: '150ms' }, undo: () => undefined })
    await ctx.call('workshop.pack', { sku }, { undo: () => undefined })
    if (count > 10) await ctx.approval('large', { title: 'Ship ' + count + ' of ' + sku + '?' })
    await ctx.step('ship', () => {
      if (sku === 'vase' && !isMended()) throw new TerminalError('workshop.carrier', 'The carrier takes no vases today.')
      return 'gone'
    })
    ctx.emit('workshop.shipped', { sku, count })
    return { shipped: count, receipt: charge }
  },
})

const stuck = intent('workshop.stuck', {
  title: 'Fails, and cannot take back',
  payload: z.object({}),
  result: z.null(),
  undoable: true,
  async run(ctx) {
    await ctx.step('open the gate', () => null, { undo: () => undefined })
    await ctx.step('lock the drawer', () => null, {
      undo: () => { if (!isMended()) throw new Error('The key is still in the other lock.') },
    })
    await ctx.step('weigh', () => { throw new TerminalError('workshop.scale', 'The scale shows nothing.') })
    return null
  },
})

const LONG = 'check_the_papers_of_every_single_item_before_anything_is_loaded_onto_the_very_last_lorry'
const long = intent('workshop.' + LONG, {
  title: 'Check the papers of every single item before anything is loaded onto the very last lorry of the day',
  payload: z.object({ items: z.array(z.object({ name: z.string(), note: z.string() })) }),
  result: z.object({ checked: z.array(z.string()) }),
  async run(ctx, { items }) {
    const checked = []
    for (const { name } of items.slice(0, 40)) checked.push(await ctx.step('check ' + name, () => name + ' is in order'))
    return { checked }
  },
})

const wait = intent('workshop.wait', {
  title: 'Wait for a payment',
  payload: z.object({ within: z.string().default('2h') }),
  result: z.object({ cents: z.int() }),
  async run(ctx, { within }) {
    await ctx.step('send the bill', () => null)
    const { payload } = await ctx.waitFor('paid', { payload: z.object({ cents: z.int() }), within })
    return payload
  },
})

const nap = intent('workshop.nap', {
  title: 'Sleep',
  payload: z.object({ for: z.string().default('1h') }),
  result: z.null(),
  async run(ctx, payload) { await ctx.sleep(payload.for); return null },
})

const lathe = intent('workshop.lathe', {
  title: 'Use the only lathe',
  payload: z.object({}),
  result: z.null(),
  limit: { serial: true },
  async run(ctx) { await ctx.waitFor('done'); return null },
})

const scan = intent('workshop.scan', {
  title: 'Measure a file',
  payload: z.object({ file: artifact(), note: z.string().optional() }),
  result: z.object({ bytes: z.int() }),
  run: (ctx, { file }) => ctx.step('measure', async ({ artifacts }) => ({ bytes: (await artifacts.stat(file)).size })),
})

const note = intent('workshop.note', {
  title: 'Keep a value',
  payload: z.object({ key: z.string(), value: z.unknown() }),
  result: z.null(),
  async run(ctx, { key, value }) { ctx.state.set(key, value); return null },
})

const tick = intent('workshop.tick', {
  title: 'Two events and an end',
  payload: z.object({}),
  result: z.null(),
  async run(ctx) { await ctx.step('tick', () => null); return null },
})

const stock = query('workshop.stock', {
  title: 'What is left of a thing',
  payload: z.object({ sku: z.string().describe('What is looked for') }),
  result: z.object({ sku: z.string(), left: z.int() }),
  example: { sku: 'lamp' },
  run: async (_ctx, { sku }) => ({ sku, left: 7 }),
})

export default defineRealm({
  name: 'workshop',
  version: '3',
  capabilities: [pack, order, stuck, long, wait, nap, lathe, scan, note, tick, stock],
})
`
