// Everything around the engine in one simulation: the clock, the store, the processes that come and go, chance. Time moves only
// when nothing else does.

import type { TenantId } from '@biplane/protocol'
import { idsOf } from '@biplane/realm-testing/chance'
import { MemoryArtifacts } from '@biplane/realm-testing/memory-artifacts'
import type { Fate } from '@biplane/realm-testing/mortal-store'
import { VirtualClock } from '@biplane/realm-testing/virtual-clock'
import { type Catalogue, catalogueOf } from '@biplane/runtime/catalogue'
import type { Store } from '@biplane/runtime/store-port'

import type { Chance } from './chance.ts'
import { Front } from './front.ts'
import { Life } from './life.ts'
import { type Moment, Outside } from './outside.ts'
import { simulatedRealm } from './run-program.ts'
import { Witness } from './witness.ts'

const START_MS = 1_790_000_000_000
const DOWN_MS_MAX = 3_000
/** Turns of the event loop in which a handler may be at work; beyond it something repeats itself for ever. */
const TURNS_MAX = 10_000
/** Processes of one simulation. */
const LIVES_MAX = 200

export interface Downtime {
  from_ms: number
  to_ms: number
}

export class World {
  readonly clock = new VirtualClock(START_MS)
  readonly witness: Witness
  readonly outside: Outside
  readonly store: Store
  readonly catalogue: Catalogue
  /** What an engine, or a request, found wrong with itself. */
  readonly complaints: string[] = []
  readonly downtimes: Downtime[] = []
  readonly #chance: Chance
  readonly #ids: ReturnType<typeof idsOf>
  readonly #artifacts = new MemoryArtifacts()
  /** One write in so many ends a process; 0: none does. */
  #crashOneIn: number
  #lives = 0
  #order = 0
  life: Life

  constructor(chance: Chance, openStore: (clock: { now(): number }) => Store, print: ((line: string) => void) | null) {
    this.#chance = chance.fork()
    this.#crashOneIn = this.#chance.pick([0, 15, 40, 100])
    const { draw } = this.#chance.fork()
    this.#ids = idsOf(draw, this.clock)
    this.store = openStore(this.clock)
    this.witness = new Witness(this.store, () => this.now(), print)
    this.outside = new Outside(
      () => this.now(),
      () => this.life.clock,
    )
    this.catalogue = catalogueOf([simulatedRealm(this.outside)])
    this.life = this.#newLife()
  }

  /** This moment, which comes after every one before. */
  now(): Moment {
    return { time_ms: this.clock.now(), order: ++this.#order }
  }

  get crashes(): number {
    return this.#lives - 1
  }

  frontOf(tenant: TenantId): Front {
    return new Front(this.life, tenant)
  }

  /** Resolves when so much virtual time has passed. */
  passed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.after(ms, resolve)
    })
  }

  crashNoMore(): void {
    this.#crashOneIn = 0
  }

  /** Goes on until nothing is going on, and nothing will: or until `until`. False if it never came to that. */
  async run(until_ms = Number.POSITIVE_INFINITY, movesMax = 200_000): Promise<boolean> {
    for (let moves = 0; moves < movesMax; moves++) {
      await this.#settled()
      if (this.life.isDead) await this.#rebirth()
      else if ((this.clock.next_ms ?? Number.POSITIVE_INFINITY) >= until_ms || !this.clock.advanceToNext()) return true
    }
    return false
  }

  async begin(): Promise<void> {
    this.witness.note('begin')
    await this.life.start()
  }

  /** Resolves when everything has happened that can without time moving. */
  async #settled(): Promise<void> {
    let turns = 0
    do {
      if (++turns > TURNS_MAX) throw new Error(`A handler is at work for ${TURNS_MAX} turns of the event loop.`)
      await turned()
    } while (this.life.isBusy)
  }

  async #rebirth(): Promise<void> {
    const { gone_ms: from_ms } = this.life
    if (this.#lives >= LIVES_MAX) this.crashNoMore()
    // Others go on meanwhile: clients ask and are not answered.
    const up_ms = this.clock.now() + this.#chance.below(DOWN_MS_MAX)
    while ((this.clock.next_ms ?? Number.POSITIVE_INFINITY) <= up_ms) {
      this.clock.advanceToNext()
      await turned()
    }
    this.clock.standAt(up_ms)
    this.life = this.#newLife()
    this.witness.note(`process ${this.#lives} begins`)
    this.downtimes.push({ from_ms, to_ms: up_ms })
    await this.life.start().catch((error: unknown) => {
      this.complaints.push(`A process could not start: ${String(error)}`)
      this.life.die()
    })
  }

  #newLife(): Life {
    this.#lives++
    const complain = (fields: object, message: string) => {
      this.complaints.push(`${this.clock.now()} ${message} ${JSON.stringify(fields)}`)
    }
    const parts = {
      ids: this.#ids,
      random: this.#chance.draw,
      artifacts: this.#artifacts,
      log: { info: () => {}, warn: () => {}, error: complain },
    }
    const fateOf = () => this.#fate()
    const { catalogue, witness, clock } = this
    return new Life({ store: witness.store, catalogue, parts, fateOf }, clock.mortal(), this.#lives)
  }

  #fate(): Fate {
    if (this.#crashOneIn === 0 || !this.#chance.once(this.#crashOneIn)) return 'lives'
    const fate = this.#chance.pick(['dies_before', 'dies_after'] as const)
    this.witness.note(fate)
    return fate
  }
}

const turned = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
