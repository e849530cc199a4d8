// The processes of a runtime, one after the other on one store: when one dies, the next starts. What is asked of the one that dies is
// asked again of the next, as a client does that got no answer.

import type { Realm } from '@biplane/realm'

import { DIED, Life, type World } from './life.ts'
import type { Mortality } from './mortal-store.ts'

/** What dies each time is not asked for ever. */
const ASKED_TIMES_MAX = 1_000

export class Processes {
  readonly #world: World
  readonly #fateOf: NonNullable<Mortality['fateOf']>
  #realms: readonly Realm[]
  #living: Promise<Life>
  #closed = false

  constructor(world: World, realms: readonly Realm[], fateOf: NonNullable<Mortality['fateOf']>) {
    this.#world = world
    this.#fateOf = fateOf
    this.#realms = realms
    this.#living = this.#start()
  }

  /** The process of the moment, when it has started. */
  async living(): Promise<Life> {
    for (let times = 0; times < ASKED_TIMES_MAX; times++) {
      const life = await this.#living
      if (this.#closed) throw new Error('The runtime is closed: await all that you ask of it before its test ends.')
      if (!life.isDead) return life
    }
    throw new Error(`${ASKED_TIMES_MAX} processes died one after the other.`)
  }

  /** `repeated`: it was asked before, and nobody knows with what outcome. */
  async ask<T>(request: (life: Life, repeated: boolean) => Promise<T>): Promise<T> {
    for (let times = 0; times < ASKED_TIMES_MAX; times++) {
      const life = await this.living()
      const answer = await Promise.race([request(life, times > 0), life.died])
      if (answer !== DIED) return answer
    }
    throw new Error(`A request was repeated ${ASKED_TIMES_MAX} times, and the process died over it each time.`)
  }

  /** The process dies now; the next one runs these realms. */
  async crash(realms: readonly Realm[] = this.#realms): Promise<void> {
    const life = await this.living()
    this.#realms = realms
    life.die()
    await this.living()
  }

  async close(): Promise<void> {
    this.#closed = true
    const life = await this.#living
    life.die()
  }

  /** Resolves when it has started, or has died on the way. */
  async #start(): Promise<Life> {
    const life = new Life(this.#world, this.#realms, this.#fateOf)
    void life.died.then(() => {
      if (!this.#closed) this.#living = this.#start()
    })
    await Promise.race([life.engine.start(), life.died])
    return life
  }
}
