// The realm of the simulation: its one handler does what the payload says.

import { type Context, TerminalError, defineRealm, intent } from '@biplane/realm'
import { StateConflict } from '@biplane/realm/error'
import * as z from 'zod'

import type { Outside } from './outside.ts'
import type { Asked, Program } from './program.ts'

export const INTENT_TYPE = 'sim.run'
/** The same, bounded in time. */
export const BRIEF_TYPE = 'sim.run_briefly'
const BRIEF_MS = 8_000
/** Others may win so often. */
const CONFLICTS_MAX = 20

export const simulatedRealm = (outside: Outside) =>
  defineRealm({
    name: 'sim',
    version: '1',
    capabilities: [programs(INTENT_TYPE, outside), { ...programs(BRIEF_TYPE, outside), timeout: BRIEF_MS }],
  })

const programs = (type: string, outside: Outside) =>
  intent(type, {
    payload: z.custom<Asked>((value) => typeof value === 'object'),
    result: z.unknown(),
    undoable: true,
    run: (ctx, { program }) => perform(ctx, program, outside),
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
      return step(ctx, program, outside)
    case 'call':
      return call(ctx, program, outside)
    case 'bump':
      return bump(ctx, program)
    case 'sleep':
      return ctx.sleep(program.ms)
    case 'wait':
      return ctx.waitFor(program.name, withinOf(program)).then(({ id }) => id)
    case 'approve':
      return ctx.approval(program.name, { assignee: 'somebody', ...withinOf(program) }).then(({ by }) => by)
    default:
      return notes(ctx, program)
  }
}

async function inSequence(ctx: Context, of: readonly Program[], outside: Outside): Promise<unknown> {
  const results: unknown[] = []
  for (const part of of) results.push((await perform(ctx, part, outside)) ?? null)
  return results
}

type Of<K extends Program['do']> = Extract<Program, { do: K }>

const withinOf = ({ within_ms }: { within_ms: number | null }) => (within_ms === null ? {} : { within: within_ms })

function step(ctx: Context, { name, work }: Of<'step'>, outside: Outside): Promise<unknown> {
  const { undo_fails, timeout_ms } = work
  return ctx.step(name, (body) => outside.work(work, body), {
    ...(timeout_ms === null ? {} : { timeoutMs: timeout_ms }),
    ...(undo_fails === null ? {} : { undo: (undo) => outside.undo(undo_fails, undo) }),
  })
}

function call(ctx: Context, { program, detached, undo_fails }: Of<'call'>, outside: Outside): Promise<unknown> {
  const asked: Asked = { request: `child of ${ctx.executionId}`, body: 0, program, undoable: undo_fails !== null }
  if (detached) return ctx.call(INTENT_TYPE, asked, { detached })
  if (undo_fails === null) return ctx.call(INTENT_TYPE, asked)
  return ctx.call(INTENT_TYPE, asked, { undo: (undo) => outside.undo(undo_fails, undo) })
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
