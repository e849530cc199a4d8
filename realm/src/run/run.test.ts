import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ExecutionId, IntentId, SessionId } from '@biplane/protocol'
import * as fc from 'fast-check'
import * as z from 'zod'

import type { Context } from '../context.ts'
import { intent } from '../define.ts'
import type { Ask, Divergence, Recorded, Turn } from './port.ts'
import { CALLS_MAX, NOTED_CHARS_MAX } from './bounds.ts'
import { REPLAY, REPLAY_BOUNDED } from './replay.ts'
import { Run } from './run.ts'

const strays: Divergence[] = []

function runOf(handler: (ctx: Context) => Promise<unknown>, replay = REPLAY): Run {
  const definition = intent('test.do', { payload: z.null(), result: z.unknown(), run: handler })
  const identity = {
    tenantId: 'acme',
    sessionId: 'ses_1' as SessionId,
    intentId: 'int_1' as IntentId,
    executionId: 'exe_1' as ExecutionId,
    intentType: 'test.do',
    seedOf: () => 'exe',
    acceptedSeq: 2,
    acceptedMs: 1_000,
    replay,
    progress: () => {},
  }
  return new Run(definition, null, identity, (divergence) => strays.push(divergence))
}

const answerTo = (ask: Ask, value: unknown, seq: number): Recorded => {
  const call = { ordinal: ask.ordinal, name: ask.name, ...(ask.key === undefined ? {} : { key: ask.key }) }
  return { kind: 'answer', seq, time_ms: seq * 1000, call, answer: { kind: 'value', value } }
}

const errorOf = ({ outcome }: Turn): string =>
  outcome?.kind === 'threw' ? (outcome.error as Error).message : `It ${outcome?.kind ?? 'waits'}.`

/** Runs a handler to its end, answering in an order chosen by `pick`, and returns what was recorded. */
async function live(handler: (ctx: Context) => Promise<unknown>, pick: (waiting: number) => number) {
  const run = runOf(handler)
  const records: Recorded[] = []
  const waiting: Ask[] = []
  let turn = await run.advance([])
  for (let seq = 3; ; seq++) {
    waiting.push(...turn.asks)
    records.push(
      ...turn.notes.map((note): Recorded => ({ kind: 'note', call: { ordinal: note.ordinal, name: note.name } })),
    )
    if (turn.outcome) return { records, outcome: turn.outcome }
    const [ask] = waiting.splice(pick(waiting.length), 1)
    assert.ok(ask)
    records.push(answerTo(ask, `${ask.name}${ask.ordinal}`, seq))
    turn = await run.advance(records.slice(-1))
  }
}

const nothing = () => null

/** Races, nested and crossing, whose outcome depends on the order in which answers come. */
async function racing(ctx: Context): Promise<string[]> {
  const seen: string[] = []
  const leg = async (name: string) => {
    const first = await ctx.step(`${name}1`, nothing)
    seen.push(String(first))
    ctx.emit('test.leg', { name, random: ctx.random(), now: ctx.now() })
    const inner = await Promise.race([ctx.step(`${name}2`, nothing), ctx.step(`${name}3`, nothing)])
    seen.push(String(inner))
    return inner
  }
  seen.push(String(await Promise.race([leg('a'), leg('b')])))
  seen.push(...(await Promise.all([ctx.step('c', nothing), leg('d')])).map(String))
  const settled = await Promise.allSettled([leg('e'), ctx.step('f', nothing)])
  return [...seen, ...settled.map(({ status }) => status), ctx.uuid()]
}

test('races, all and allSettled come out the same in a replay of every prefix of the log', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }), async (choices) => {
      const { records, outcome } = await live(racing, (waiting) => (choices.pop() ?? 0) % waiting)
      for (let cut = 0; cut <= records.length; cut++) {
        const run = runOf(racing)
        const first = await run.advance(records.slice(0, cut))
        if (cut < records.length) assert.notEqual(first.outcome?.kind, 'diverged')
        const turn: Turn = cut < records.length ? await run.advance(records.slice(cut)) : first
        assert.deepEqual(turn.outcome, outcome)
      }
    }),
    { numRuns: 20 },
  )
})

test('a handler that was changed under its log diverges, and says which call', async () => {
  const before = await live(
    async (ctx) => ctx.step('charge', nothing),
    () => 0,
  )
  const turn = await runOf(async (ctx) => ctx.step('pay', nothing)).advance(before.records)
  assert.ok(turn.outcome?.kind === 'diverged')
  assert.match(turn.outcome.divergence.message, /"charge" as call 0 .* now makes the call "pay"/)
})

test('a result that is never asked for is divergence', async () => {
  const before = await live(
    async (ctx) => ctx.step('charge', nothing),
    () => 0,
  )
  const turn = await runOf(async () => 'done').advance(before.records)
  assert.equal(turn.outcome?.kind, 'diverged')
})

test('an event that the handler no longer emits is divergence', async () => {
  const before = await live(
    async (ctx) => {
      ctx.emit('test.begun', {})
      return ctx.step('charge', nothing)
    },
    () => 0,
  )
  const turn = await runOf(async (ctx) => ctx.step('charge', nothing)).advance(before.records)
  assert.equal(turn.outcome?.kind, 'diverged')
})

test('calls with a key may change their order between runs', async () => {
  const inOrder = (names: string[]) => async (ctx: Context) =>
    Promise.all(names.map((key) => ctx.step('fetch', nothing, { key })))
  const before = await live(inOrder(['x', 'y', 'z']), () => 0)
  const turn = await runOf(inOrder(['z', 'x', 'y'])).advance(before.records)
  assert.equal(turn.outcome?.kind, 'returned')
})

test('a handler that awaits a timer of its own is told so at once, by name', async () => {
  const turn = await runOf(async (ctx) => {
    await ctx.step('first', nothing)
    await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
  }).advance([])
  const [ask] = turn.asks
  assert.ok(ask)
  const run = runOf(async (ctx) => {
    await ctx.step('first', nothing)
    await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
  })
  const after = await run.advance([answerTo(ask, 1, 3)])
  assert.ok(after.outcome?.kind === 'diverged')
  assert.equal(after.outcome.divergence.code, 'handler.foreign_await')
  assert.match(after.outcome.divergence.message, /after its call "first"/)
})

test('what began by rules that are not known here is not run, and it is said why', async () => {
  let runs = 0
  const handler = async (ctx: Context) => {
    runs++
    return ctx.step('first', nothing)
  }
  const { records } = await live(handler, () => 0)
  const turn = await runOf(handler, REPLAY + 1).advance(records)
  assert.equal(runs, 1)
  assert.ok(turn.outcome?.kind === 'diverged')
  assert.equal(turn.outcome.divergence.code, 'replay.unknown')
  assert.match(
    turn.outcome.divergence.message,
    new RegExp(`replay rules ${REPLAY + 1}; this program knows those up to ${REPLAY}`),
  )
})

test('a call of the context from outside the handler is refused and reported', async () => {
  let leaked: Context | undefined
  const run = runOf(async (ctx) => {
    leaked = ctx
    await ctx.step('wait', nothing)
  })
  await run.advance([])
  assert.throws(() => leaked?.emit('test.late', {}))
  assert.match(strays.at(-1)?.message ?? '', /handed nothing, after "wait"/)
})

test('a cancel wakes every call that waits, and later calls work', async () => {
  const seen: string[] = []
  const run = runOf(async (ctx) => {
    const legs = [ctx.step('a', nothing), ctx.sleep('1h')]
    for (const leg of await Promise.allSettled(legs)) seen.push(leg.status)
    return ctx.step('clean', nothing)
  })
  await run.advance([])
  const turn = await run.advance([{ kind: 'cancel', seq: 3, time_ms: 3000 }])
  assert.deepEqual(seen, ['rejected', 'rejected'])
  assert.deepEqual(
    turn.asks.map((ask) => ask.name),
    ['clean'],
  )
})

test('what began before calls were bounded makes as many as it made then, and what began since is told at the one too many', async () => {
  // A note is a call that needs no answer.
  const chatty = async (ctx: Context): Promise<string> => {
    for (let call = 0; call <= CALLS_MAX; call++) ctx.emit('test.told', null)
    return 'all of them'
  }
  const before = await runOf(chatty, REPLAY_BOUNDED - 1).advance([])
  assert.deepEqual(before.outcome, { kind: 'returned', value: 'all of them' })
  assert.equal(before.notes.length, CALLS_MAX + 1)
  const since = await runOf(chatty, REPLAY_BOUNDED).advance([])
  assert.match(errorOf(since), /^A handler may make \d+ calls/)
})

test('what began before notes were bounded leaves as much behind as it left then, and what began since is told at the one too large', async () => {
  const large = 'x'.repeat(200_000)
  const notes = Math.ceil(NOTED_CHARS_MAX / large.length)
  const wordy = async (ctx: Context): Promise<void> => {
    for (let note = 0; note < notes; note++) ctx.emit('test.told', large)
  }
  const before = await runOf(wordy, REPLAY_BOUNDED - 1).advance([])
  assert.equal(before.outcome?.kind, 'returned')
  assert.equal(before.notes.length, notes)
  const since = await runOf(wordy, REPLAY_BOUNDED).advance([])
  assert.match(errorOf(since), /^With "test.told" the handler leaves more than/)
})
