// The way of an execution out of memory. Its end is decided and written, or it is paused, or parked, or it only waits; then it has left,
// and nothing of it happens here any more.

import type { Failure } from '@biplane/protocol'
import type { IntentDefinition } from '@biplane/realm'
import { Cancelled } from '@biplane/realm/error'
import type { Outcome } from '@biplane/realm/port'

import type { Actor } from './actor.ts'
import { decideEnding } from './ending.ts'
import { Finish, type Leaving } from './finish.ts'
import type { CancelRequest } from './history.ts'
import type { End } from './returned.ts'
import { settled } from './settled.ts'
import type { TurnQueue } from './turn-queue.ts'

type Departing = Leaving & { definition: IntentDefinition }

export interface DepartureOwner {
  /** The handler has ended, or is not waited for any more. */
  handlerEnded(): void
  /** Told once. `end` is null if it has not ended. */
  left(end: End | null): void
}

export class Departure {
  readonly #of: Departing
  readonly #owner: DepartureOwner
  readonly #finish: Finish
  /** How it leaves is decided, and being written. */
  isBegun = false
  isOver = false
  /** True when the pause is written, or could not be; false if it came to its end instead. Null if it is not being paused. */
  pausing: Promise<boolean> | null = null
  /** Settles when the completion is written, or could not be. */
  completing: Promise<void> = Promise.resolve()

  constructor(of: Departing, owner: DepartureOwner) {
    this.#of = of
    this.#owner = owner
    this.#finish = new Finish(of)
  }

  /** The handler has ended, or is not waited for any longer: `outcome` is null for the latter. */
  async begin(outcome: Outcome | null, cancelOf: () => CancelRequest | null): Promise<void> {
    if (this.isBegun) return
    const { definition, history, work } = this.#of
    this.#owner.handlerEnded()
    // An error takes its stack, which is dear: most handlers leave nothing behind.
    if (!work.isIdle) await work.stop(new Cancelled('The handler has ended.'))
    // A cancel may have come meanwhile.
    const cancel = cancelOf()
    const ending = decideEnding(definition, outcome, cancel, history.compensating)
    switch (ending.kind) {
      case 'complete':
        return this.#complete(ending.result)
      case 'undo':
        return this.#undo(ending.as, ending.cause, cancel)
      case 'pause':
        return this.pause(ending.error, {})
      case 'park':
        return this.park(ending.error)
      default:
        ending satisfies never
    }
  }

  /** Paused by a person when what is under way is through; until then nothing more is handed to its handler. */
  pauseFor(actor: Actor, inTurn: TurnQueue['add']): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    this.pausing = promise
    const paused = () =>
      this.pause(null, actor).then(
        () => resolve(true),
        (error: unknown) => {
          reject(error)
          throw error
        },
      )
    inTurn(paused, () => resolve(false))
    return promise
  }

  /** Stopped by an error or, without one, by a person. */
  async pause(error: Failure | null, actor: Actor): Promise<void> {
    this.isBegun = true
    const paused = this.#finish.pause(error, actor)
    this.pausing ??= this.#written(paused)
    await paused
    this.leave(null)
  }

  async park(error: Failure): Promise<void> {
    this.isBegun = true
    await this.#finish.park(error)
    this.leave(null)
  }

  leave(end: End | null): void {
    if (this.isOver) return
    this.isOver = true
    this.#owner.left(end)
  }

  async #written(paused: Promise<void>): Promise<boolean> {
    await settled(paused)
    return true
  }

  async #complete(result: string): Promise<void> {
    this.isBegun = true
    const completed = this.#finish.complete(result)
    this.completing = settled(completed)
    this.leave(await completed)
  }

  /** One that was parked on the way, or whose process stops, has no end. */
  async #undo(status: 'failed' | 'cancelled', cause: Failure, cancel: CancelRequest | null): Promise<void> {
    this.isBegun = true
    this.leave(await this.#finish.undo(status, cause, cancel))
  }
}
