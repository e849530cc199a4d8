// Where the programs of the gallery are put on: a runtime on SQLite over HTTP, or the kit of realm/testing in virtual time. What a
// user can do and see is the same on both, so each story is written once.

import type { Event, Failure, Status } from '@biplane/protocol'
import type { Realm } from '@biplane/realm'

import type { World } from './world.ts'

/** What a user sees of an execution. */
export interface Seen {
  status: Status
  compensated: boolean
  result: unknown
  error: Failure | null
}

export interface Decision {
  approved: boolean
  reason: string
}

export interface Stage extends AsyncDisposable {
  /** The clock of the runtime, in milliseconds since 1970. */
  now(): number
  /** Submits an intent in the session of the story, and answers the execution's id. */
  begin(intentType: string, payload: unknown): Promise<string>
  look(execution: string): Promise<Seen>
  /** Resolves when the execution is in this status. */
  until(execution: string, status: Status): Promise<Seen>
  /** Resolves when it has ended, however it ended. */
  end(execution: string): Promise<Seen>
  /** Resolves when something holds. */
  when(holds: () => boolean | Promise<boolean>, what: string): Promise<void>
  /** Answers the code of the problem with which it was refused, or null. */
  signal(execution: string, name: string, payload?: unknown): Promise<string | null>
  /** The same, for an approval. */
  decide(execution: string, approval: string, decision: Decision): Promise<string | null>
  resume(execution: string, reason: string): Promise<void>
  /** Begins another execution that shares all up to the answer of the call `through`, and answers its id. */
  fork(execution: string, through: number): Promise<string>
  /** The log of the session. */
  events(): Promise<Event[]>
  /** The process goes, and another one comes with the same log, and with other realms if they are given. */
  restart(realms?: readonly Realm[]): Promise<void>
}

export type OpenStage = (world: World, realms: readonly Realm[]) => Promise<Stage>

export interface Story {
  /** What a user observes. */
  name: string
  /** `state` is told a figure that the story measures. */
  tell(open: OpenStage, state: (figure: string) => void): Promise<void>
}
