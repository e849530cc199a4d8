// Between a client and the process: requests are late, get lost, and so do answers. Who asks again does so with the same key.

import { ProblemError, type TenantId } from '@biplane/protocol'

import type { Chance } from './chance.ts'
import type { Front } from './front.ts'
import { DIED } from './life.ts'
import type { World } from './world.ts'

const LATE_MS_MAX = 60
const LOST_ONE_IN = 25
/** Silence after which a client asks again. */
const PATIENCE_MS = 400
const TRIES_MAX = 400

export type Answer<T> = { told: T } | { refused: string } | 'silence'

export class Network {
  readonly #world: World
  readonly #chance: Chance
  /** Nothing is lost any more. */
  calm = false
  requests = 0

  constructor(world: World, chance: Chance) {
    this.#world = world
    this.#chance = chance.fork()
  }

  /** One request and its answer, if both arrive. */
  async ask<T>(tenant: TenantId, request: (front: Front) => Promise<T>): Promise<Answer<T>> {
    this.requests++
    await this.#underWay()
    if (this.#isLost() || !this.#world.life.isUp) return this.#silence()
    const answer = await this.#answered(tenant, request)
    await this.#underWay()
    return this.#isLost() ? this.#silence() : answer
  }

  /** Asks until there is an answer. */
  async insist<T>(tenant: TenantId, request: (front: Front) => Promise<T>): Promise<Exclude<Answer<T>, 'silence'>> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const answer = await this.ask(tenant, request)
      if (answer !== 'silence') return answer
    }
    throw new Error(`A request was not answered ${TRIES_MAX} times.`)
  }

  async #answered<T>(tenant: TenantId, request: (front: Front) => Promise<T>): Promise<Answer<T>> {
    const { life } = this.#world
    try {
      const told = await Promise.race([request(this.#world.frontOf(tenant)), life.died])
      return told === DIED ? 'silence' : { told: told as T }
    } catch (error) {
      if (error instanceof ProblemError) return error.code === 'shutting_down' ? 'silence' : { refused: error.code }
      // What HTTP answers with 500: the outcome is unknown.
      this.#world.complaints.push(`A request failed: ${String((error as Error).stack ?? error)}`)
      return 'silence'
    }
  }

  async #silence(): Promise<'silence'> {
    await this.#world.passed(PATIENCE_MS)
    return 'silence'
  }

  #underWay(): Promise<void> {
    return this.#world.passed(this.#chance.below(LATE_MS_MAX))
  }

  #isLost(): boolean {
    return !this.calm && this.#chance.once(LOST_ONE_IN)
  }
}
