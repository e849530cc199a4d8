// What a simulated handler does, as data: the payload of its intent. One handler carries out all of them (run-program.ts).

/** What a step's body does in the world outside. */
export interface Work {
  /** Null: it returns at once, without a promise. */
  takes_ms: number | null
  /** Runs that fail before one succeeds. */
  fails: number
  error: 'retryable' | 'terminal' | 'unknown' | 'pause'
  timeout_ms: number | null
  /** Whether it ends when it is aborted. */
  heeds: boolean
  /** How often its undo fails before it succeeds; null if it has none. */
  undo_fails: number | null
}

export type Program =
  | { do: 'step'; name: string; work: Work }
  | { do: 'sleep'; ms: number }
  | { do: 'wait'; name: string; within_ms: number | null }
  | { do: 'approve'; name: string; within_ms: number | null }
  | { do: 'call'; program: Program; kind: Kind; detached: boolean; undo_fails: number | null }
  | { do: 'set'; key: string; value: number }
  /** Adds one to a number that others add to as well: compare-and-set until it succeeds. */
  | { do: 'bump'; key: string; scope: 'session' | 'tenant' }
  | { do: 'emit'; value: number }
  | { do: 'progress'; done: number }
  | { do: 'stream'; chunks: number }
  | { do: 'throw'; terminal: boolean }
  | { do: 'either'; of: [Program, Program] }
  | { do: 'try'; of: Program }
  | { do: 'sequence' | 'all' | 'race' | 'settled'; of: Program[] }

/** What an intent is but for what it does: its type, and the lane that it shares. */
export interface Kind {
  intent_type: string
  lane: string
  /** In its lane, the higher goes first. */
  priority: number
}

export interface Asked extends Kind {
  /** Which request it is: the same in every repetition of one. */
  request: string
  /** Tells the bodies apart that are sent with one key. */
  body: number
  program: Program
  /** Whether the call of it can be taken back. */
  undoable?: boolean
}

/** Every part of a program that carries out something. */
export function partsOf(program: Program): Program[] {
  switch (program.do) {
    case 'sequence':
    case 'all':
    case 'race':
    case 'settled':
    case 'either':
      return program.of.flatMap(partsOf)
    case 'try':
      return partsOf(program.of)
    default:
      return [program]
  }
}
