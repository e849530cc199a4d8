// The narrow port between an engine and a handler. An engine says "run this from these records" or "here is another record",
// and gets a turn: what the handler asks for now, what it noted, and how it ended, if it did. Nothing else passes, so that an
// engine need not know where a handler runs.

import type { Approval, Failure } from '@biplane/protocol'

import type { Signal, StepContext, StepOptions, Undo } from '../context.ts'

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

/** `payload` is JSON text. */
export interface ChildAsk extends Call {
  kind: 'call'
  intentType: string
  payload: string
  detached: boolean
  options: { undo?: (undo: Undo<unknown>) => unknown }
}

export interface SleepAsk extends Call {
  kind: 'sleep'
  until_ms: number
}

export interface WaitAsk extends Call {
  kind: 'wait'
  /** Null: for ever. */
  until_ms: number | null
  approval: Approval | null
  /** Whether a signal is one that it waits for. */
  fits(signal: { payload: unknown; approved?: boolean }): boolean
}

/** What can be taken back. */
export type UndoableAsk = StepAsk | ChildAsk

/** What a handler waits for. Each ask is answered by one record. For state, the call's name is the key, and the value is JSON text. */
export type Ask =
  | StepAsk
  | ChildAsk
  | SleepAsk
  | WaitAsk
  | (Call & { kind: 'read_state'; scope: Scope })
  | (Call & { kind: 'compare_and_set'; scope: Scope; revision: number; value: string })

/** What a handler leaves behind without waiting, as JSON text: it goes out with the execution's next commit. */
export type Note =
  | (Call & { kind: 'emit'; data: string })
  | (Call & { kind: 'set_state'; value: string })
  | (Call & { kind: 'chunk'; index: number; chunk: string })

export type Answer =
  | { kind: 'value'; value: unknown }
  | { kind: 'failure'; failure: Failure }
  | { kind: 'conflict'; revision: number }
  | { kind: 'signal'; signal: Signal }
  | { kind: 'expired' }
  | { kind: 'refused'; by?: string; reason?: string }
  | { kind: 'child_failed'; execution_id: string | null; failure: Failure }

/** An entry of the log as a handler meets it. Handed over one at a time, in the order of the log. */
export type Recorded =
  | { kind: 'answer'; seq: number; time_ms: number; call: Call; answer: Answer }
  | { kind: 'note'; call: Call }
  | { kind: 'cancel'; seq: number; time_ms: number; reason?: string }

/** How the handler and its log disagree, in words for the person who must mend it. */
export interface Divergence {
  code: 'handler.diverged' | 'handler.foreign_await' | 'replay.unknown'
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
