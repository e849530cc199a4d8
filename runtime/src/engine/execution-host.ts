// What an execution in memory needs of the engine around it.

import type { ExecutionId, Failure } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'
import type { ChildAsk } from '@biplane/realm/port'

import type { ExecutionRow, Lease, NewEntry } from '../store/port.ts'
import type { CancelRequest, History } from './history.ts'
import type { End, Returned } from './returned.ts'
import type { Slot } from './slot.ts'

export interface ExecutionHost {
  /** An execution has left memory: it ended, waits, is paused or parked. `end` is null but for the first. */
  left(row: ExecutionRow, end: End | null): void
  timerSet(due_ms: number): void
  /** @throws StorageFull, StoreBusy: nothing of it was recorded, and it may be tried again */
  acceptChild(request: ChildRequest): Promise<Child>
  /** How a child ended; null if it has not. */
  endOf(parent: ExecutionRow, child: ExecutionId): Promise<Returned | null>
  /** Cancels children; resolves when they have ended, or have had their time. */
  endChildren(parent: ExecutionRow, children: readonly ExecutionId[], request: CancelRequest): Promise<void>
  /** The same for those that nobody waits for. */
  cancelChildren(parent: ExecutionRow, children: readonly ExecutionId[], request: CancelRequest): void
}

export interface ChildRequest {
  parent: ExecutionRow
  /** Of the child. */
  depth: number
  ask: ChildAsk
  /** The ordinal of the timer by which the child's end wakes its parent. */
  timer: number
  /** Makes the parent's entry, which goes out in the commit that accepts the child. */
  called: (child: ExecutionId) => NewEntry
}

/** An accepted child with its parent's entry, or why it is none. */
export type Child = { execution_id: ExecutionId; entry: NewEntry; seq: number } | { refused: Failure }

/** What there is of an execution when it comes to memory. */
export interface Loaded {
  row: ExecutionRow
  lease: Lease
  definition: IntentDefinition
  history: History
  /** Null if it shares nothing. */
  slot: Slot | null
}
