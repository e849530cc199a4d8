// The narrow port between an engine and a handler. An engine says "run this from these records" or "here is another record",
// and gets a turn: what the handler asks for now, what it noted, and how it ended, if it did. Nothing else passes, so that an
// engine need not know where a handler runs.

import type { Failure } from '@biplane/protocol'

import type { StepContext, StepOptions } from '../context.ts'

/** A handler's call of its context: its place among the calls, its name, and its key where the order may vary. */
export interface Call {
  ordinal: number
  name: string
  key?: string
}

export type Scope = 'session' | 'tenant'

export interface StepAsk extends Call {
  kind: 'step'
  body: (step: StepContext) => unknown
  options: StepOptions<unknown>
}

/** What a handler waits for. Each ask is answered by one record. For state, the call's name is the key, and the value is JSON text. */
export type Ask =
  | StepAsk
  | (Call & { kind: 'sleep'; until_ms: number })
  | (Call & { kind: 'read_state'; scope: Scope })
  | (Call & { kind: 'compare_and_set'; scope: Scope; revision: number; value: string })

/** What a handler leaves behind without waiting, as JSON text: it goes out with the execution's next commit. */
export type Note = (Call & { kind: 'emit'; data: string }) | (Call & { kind: 'set_state'; value: string })

export type Answer =
  | { kind: 'value'; value: unknown }
  | { kind: 'failure'; failure: Failure }
  | { kind: 'conflict'; revision: number }

/** An entry of the log as a handler meets it. Handed over one at a time, in the order of the log. */
export type Recorded =
  | { kind: 'answer'; seq: number; time_ms: number; call: Call; answer: Answer }
  | { kind: 'note'; call: Call }
  | { kind: 'cancel'; seq: number; time_ms: number; reason?: string }

/** How the handler and its log disagree, in words for the person who must mend it. */
export interface Divergence {
  code: 'handler.diverged' | 'handler.foreign_await'
  message: string
}

export type Outcome =
  | { kind: 'returned'; value: unknown }
  | { kind: 'threw'; error: unknown }
  | { kind: 'diverged'; divergence: Divergence }

export interface Turn {
  asks: Ask[]
  notes: Note[]
  outcome: Outcome | null
}
