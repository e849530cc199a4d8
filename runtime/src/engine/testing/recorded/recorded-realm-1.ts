// The programs whose logs are in release-1/. Frozen: what they do was recorded, so a change in here is a divergence. A later
// release that can do more gets a realm and a folder of its own.

import { Cancelled, type Context, TerminalError, defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

/** What steps find outside; no handler looks at it. */
export const world = { isDown: true, holding: 0 }

const program = (name: string, run: (ctx: Context) => Promise<unknown>, more: { timeout?: '50ms' } = {}) =>
  intent(`recorded.${name}`, { payload: z.object({}), result: z.unknown(), undoable: true, ...more, run })

const codeOf = (error: unknown) => (error as { code?: string }).code ?? String(error)
const fail = (): never => {
  throw new TerminalError('card.declined', 'The card was declined.')
}

/** Lets one step end after another. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: () => resolve() }
}

async function steps(ctx: Context) {
  const first = await ctx.step('first', () => ({ n: 1 }))
  const stubborn = await ctx.step(
    'stubborn',
    ({ attempt }) => (attempt < 3 ? Promise.reject(new Error(`Attempt ${attempt} failed.`)) : attempt),
    { retry: { backoff: 1, jitter: 0 } },
  )
  const refused = await ctx.step('refused', fail).catch(codeOf)
  const silent = await ctx.step('silent', () => {})
  return [first, stubborn, refused, silent ?? 'nothing']
}

async function races(ctx: Context) {
  const order: string[] = []
  const seen = (name: string) => order.push(name)
  const pair = (last: string, first: string) => {
    const between = gate()
    return [
      ctx.step(last, () => between.opened.then(() => last)).finally(() => seen(last)),
      ctx.step(first, () => (between.open(), first)).finally(() => seen(first)),
    ] as const
  }
  const won = await Promise.race(pair('slow', 'fast'))
  const both = await Promise.all(pair('second', 'first'))
  const settled = await Promise.allSettled([ctx.step('fails', fail), ctx.step('works', () => 1)])
  const legs = [pair('b', 'a'), pair('d', 'c')].map(async (leg) =>
    ctx.step('after', () => won, { key: await Promise.race(leg) }),
  )
  await Promise.all(legs)
  return { won, both, settled: settled.map(({ status }) => status), order }
}

const keyed = async (ctx: Context) =>
  Promise.all(['x', 'y', 'z'].map((key) => ctx.step('fetch', () => key.toUpperCase(), { key })))

async function sleeps(ctx: Context) {
  const began = ctx.now()
  await ctx.sleep('20ms')
  await ctx.sleepUntil(ctx.now() + 20)
  const won = await Promise.race([ctx.sleep('1h').then(() => 'sleep'), ctx.step('work', () => 'step')])
  return { slept: ctx.now() - began >= 40, won }
}

async function waits(ctx: Context) {
  const { payload, id, by } = await ctx.waitFor('go', { payload: z.number() })
  const early = await ctx.waitFor('early')
  const never = await ctx.waitFor('never', { within: 20 }).catch(codeOf)
  return [payload, id, early.payload, by ?? 'nobody', never]
}

async function approvals(ctx: Context) {
  const approved = await ctx.approval('refund', { assignee: 'finance', title: 'Refund of 120 euros' })
  const refused = await ctx.approval('bonus').catch((error: unknown) => [codeOf(error), String(error)])
  const expired = await ctx.approval('holiday', { within: 20 }).catch(codeOf)
  return [approved.payload, approved.reason ?? '', refused, expired]
}

async function parent(ctx: Context) {
  const values = await Promise.all(['a', 'b'].map((key) => ctx.call('recorded.child', {}, { key })))
  const failed = await ctx.call('recorded.failing', {}, { undo: () => {} }).catch(codeOf)
  const refused = await ctx.call('nobody.there', {}).catch(codeOf)
  await ctx.call('recorded.child', {}, { detached: true })
  return [values, failed, refused]
}

const child = async (ctx: Context) => ctx.step('work', () => 'done')

const failing = async (ctx: Context) => ctx.step('work', fail)

async function state(ctx: Context) {
  ctx.state.set('plain', { n: 1 })
  const plain = await ctx.state.get('plain')
  const { tenant } = ctx.state
  const absent = await tenant.get('count')
  const revision = await tenant.compareAndSet('count', 0, 1)
  const conflict = await tenant.compareAndSet('count', 0, 2).catch(codeOf)
  return [plain, absent, revision, conflict, await tenant.get('count')]
}

async function emits(ctx: Context) {
  ctx.emit('recorded.begun', { chance: ctx.random() })
  ctx.progress({ message: 'begun' })
  const answer = ctx.stream('answer')
  answer.write('one')
  const told = await ctx.step('tell', async (step) => {
    await step.stream('words').write('a word')
    step.progress({ done: 1, total: 2 })
    return 'told'
  })
  answer.write({ two: ctx.uuid() })
  ctx.emit('recorded.ended', { told })
  return told
}

async function saga(ctx: Context) {
  await ctx.step('book', () => 'booked', { undo: () => {} })
  await Promise.all(['x', 'y'].map((key) => ctx.step('reserve', () => key, { key, undo: () => {} })))
  await ctx.call('recorded.child', {}, { undo: () => {} })
  await ctx.step('look', () => 'nothing to undo')
  await ctx.step('charge', fail, { undo: () => {} })
}

async function cancelled(ctx: Context) {
  await ctx.step('book', () => 'booked', { undo: () => {} })
  try {
    await Promise.all([ctx.waitFor('never'), ctx.sleep('1h'), ctx.step('hold', held)])
  } catch (error) {
    if (error instanceof Cancelled) await ctx.step('clean', () => ctx.abortSignal.aborted)
    throw error
  }
}

async function waitsForEver(ctx: Context) {
  await ctx.step('book', () => 'booked', { undo: () => {} })
  await ctx.waitFor('never')
}

async function forked(ctx: Context) {
  const id = ctx.uuid()
  await ctx.step('book', () => 'booked', { undo: () => {} })
  ctx.emit('recorded.booked', { id })
  const chance = ctx.random()
  const called = await ctx.step('call', () => (world.isDown ? fail() : 'answered'))
  return [id, chance, called, ctx.random()]
}

/** Its process is stopped while the step is at work. */
async function recovered(ctx: Context) {
  const before = await ctx.step('before', () => 1)
  const after = await ctx.step('hold', (step) => (world.isDown ? held(step) : 'let go'))
  return [before, after, ctx.random()]
}

async function chance(ctx: Context) {
  const drawn: unknown[] = [ctx.random(), ctx.uuid(), ctx.now() > 0]
  for (const name of ['one', 'two']) {
    await ctx.step(name, () => name)
    drawn.push(ctx.random(), ctx.random(), ctx.uuid(), ctx.now())
  }
  const leg = async (name: string) => {
    await ctx.step(name, () => name)
    drawn.push(name, ctx.uuid())
  }
  await Promise.all([leg('three'), leg('four')])
  return drawn
}

/** Goes on until it is told to stop. */
function held({ signal }: { signal: AbortSignal }): Promise<never> {
  world.holding++
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
}

export const recordedRealm1 = defineRealm({
  name: 'recorded',
  version: '1',
  capabilities: [
    program('steps', steps),
    program('races', races),
    program('keyed', keyed),
    program('sleeps', sleeps),
    program('waits', waits),
    program('approvals', approvals),
    program('parent', parent),
    program('child', child),
    program('failing', failing),
    program('state', state),
    program('emits', emits),
    program('saga', saga),
    program('cancelled', cancelled),
    program('killed', waitsForEver),
    program('timed_out', waitsForEver, { timeout: '50ms' }),
    program('forked', forked),
    program('recovered', recovered),
    program('chance', chance),
  ],
})
