// The realm of the simulation: its one handler does what the payload says.

import { type CallOptions, type Context, type Limit, TerminalError, defineRealm, intent } from '@biplane/realm'
import { StateConflict } from '@biplane/realm/error'
import * as z from 'zod'

import { BOUNDS, type Bounds, isLimited } from './intents.ts'
import type { Outside } from './outside.ts'
import type { Asked, Program } from './program.ts'

/** Others may win so often. */
const CONFLICTS_MAX = 20

export const simulatedRealm = (outside: Outside) =>
  defineRealm({
    name: 'sim',
    version: '1',
    capabilities: Object.entries(BOUNDS).map(([type, bounds]) => programs(type, bounds, outside)),
  })

const programs = (type: string, bounds: Bounds, outside: Outside) =>
  intent(type, {
    payload: z.custom<Asked>((value) => typeof value === 'object'),
    result: z.unknown(),
    undoable: true,
    ...(bounds.timeout_ms === undefined ? {} : { timeout: bounds.timeout_ms }),
    ...(isLimited(bounds) && { limit: limitOf(bounds) }),
    async run(ctx, { program }) {
      outside.handed(ctx.executionId)
      return perform(ctx, program, outside)
    },
  })

const limitOf = ({ timeout_ms: _, ...limit }: Bounds): Limit<Asked> => ({
  ...limit,
  key: ({ payload }) => payload.lane,
  priority: ({ payload }) => payload.priority,
})

function perform(ctx: Context, program: Program, outside: Outside): Promise<unknown> {
  const each = (of: readonly Program[]) => of.map((part) => perform(ctx, part, outside))
  switch (program.do) {
    case 'all':
      return Promise.all(each(program.of))
    case 'race':
      return Promise.race(each(program.of))
    case 'settled':
      return Promise.allSettled(each(program.of)).then((ends) => ends.map(({ status }) => status))
    case 'sequence':
      return inSequence(ctx, program.of, outside)
    case 'either':
      return perform(ctx, program.of[ctx.random() < 0.5 ? 0 : 1], outside)
    case 'try':
      return perform(ctx, program.of, outside).catch((error: unknown) => (error as { code?: string }).code ?? 'none')
    case 'step':
    case 'call':
    case 'bump':
    case 'sleep':
    case 'wait':
    case 'approve':
      return ask(ctx, program, outside).finally(() => outside.handed(ctx.executionId))
    default:
      return notes(ctx, program)
  }
}

/** What is waited for. */
function ask(ctx: Context, program: Of<'step' | 'call' | 'bump' | Waiting>, outside: Outside): Promise<unknown> {
  if (program.do === 'step') return step(ctx, program, outside)
  if (program.do === 'call') return call(ctx, program, outside)
  return program.do === 'bump' ? bump(ctx, program) : wait(ctx, program)
}

async function inSequence(ctx: Context, of: readonly Program[], outside: Outside): Promise<unknown> {
  const results: unknown[] = []
  for (const part of of) results.push((await perform(ctx, part, outside)) ?? null)
  return results
}

type Of<K extends Program['do']> = Extract<Program, { do: K }>
type Waiting = 'sleep' | 'wait' | 'approve'

function wait(ctx: Context, program: Of<Waiting>): Promise<unknown> {
  if (program.do === 'sleep') return ctx.sleep(program.ms)
  const within = program.within_ms === null ? {} : { within: program.within_ms }
  if (program.do === 'wait') return ctx.waitFor(program.name, within).then(({ id }) => id)
  return ctx.approval(program.name, { assignee: 'somebody', ...within }).then(({ by }) => by)
}

function step(ctx: Context, { name, work }: Of<'step'>, outside: Outside): Promise<unknown> {
  const { undo_fails, timeout_ms } = work
  return ctx.step(name, (body) => outside.work(work, body), {
    ...(timeout_ms === null ? {} : { timeoutMs: timeout_ms }),
    ...(undo_fails === null ? {} : { undo: (undo) => outside.undo(undo_fails, undo) }),
  })
}

function call(ctx: Context, program: Of<'call'>, outside: Outside): Promise<unknown> {
  const { kind, detached, undo_fails } = program
  const request = `child of ${ctx.executionId}`
  const asked: Asked = { ...kind, request, body: 0, program: program.program, undoable: undo_fails !== null }
  if (detached) return ctx.call(kind.intent_type, asked, { detached })
  const options: CallOptions<unknown> = undo_fails === null ? {} : { undo: (undo) => outside.undo(undo_fails, undo) }
  return ctx.call(kind.intent_type, asked, options)
}

async function bump(ctx: Context, { key, scope }: Of<'bump'>): Promise<number> {
  const state = scope === 'tenant' ? ctx.state.tenant : ctx.state
  for (let conflicts = 0; conflicts < CONFLICTS_MAX; conflicts++) {
    const found = await state.get<number>(key)
    try {
      return await state.compareAndSet(key, found?.revision ?? 0, (found?.value ?? 0) + 1)
    } catch (error) {
      if (!(error instanceof StateConflict)) throw error
    }
  }
  throw new TerminalError('sim.too_many_conflicts', `${key} was changed by others ${CONFLICTS_MAX} times.`)
}

/** What is not waited for. */
async function notes(ctx: Context, program: Of<'set' | 'emit' | 'progress' | 'stream' | 'throw'>): Promise<unknown> {
  switch (program.do) {
    case 'set':
      return ctx.state.set(program.key, program.value)
    case 'emit':
      return ctx.emit('sim.said', { value: program.value, chance: ctx.random(), at_ms: ctx.now() })
    case 'progress':
      return ctx.progress({ done: program.done })
    case 'stream':
      for (let i = 0; i < program.chunks; i++) ctx.stream('words').write(i)
      return program.chunks
    case 'throw':
      throw program.terminal ? new TerminalError('sim.thrown', 'It was to fail.') : new Error('It was to fail.')
  }
}
