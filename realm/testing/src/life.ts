// One process in the life of a runtime: an engine on the store that outlives it. It can die at any moment, and whatever of it still
// runs is then without effect.

import type { IdSource } from '@biplane/protocol'
import type { Realm } from '@biplane/realm'
import { catalogueOf } from '@biplane/runtime/catalogue'
import { Engine } from '@biplane/runtime/engine'
import type { ArtifactsByTenant, EngineParts } from '@biplane/runtime/ports'
import type { Store } from '@biplane/runtime/store-port'

import { type FakeStep, type FakeUndo, type Fakes, hanging } from './fakes.ts'
import { MortalStore, type Mortality } from './mortal-store.ts'
import { Pulse } from './pulse.ts'
import type { MortalClock, VirtualClock } from './virtual-clock.ts'

/** What is there before the first process and after the last. */
export interface World {
  clock: VirtualClock
  store: Store
  artifacts: ArtifactsByTenant
  ids: IdSource
  random: () => number
  steps: Fakes<FakeStep>
  undos: Fakes<FakeUndo>
  /** Is told what an engine finds wrong with itself. */
  complain: (message: string) => void
}

/** What a request is answered when the process died over it. */
export const DIED = Symbol('died')

export class Life {
  readonly engine: Engine
  readonly parts: EngineParts
  readonly pulse = new Pulse()
  /** Resolves when it has died. */
  readonly died: Promise<typeof DIED>
  readonly #store: MortalStore
  readonly #clock: MortalClock

  constructor(world: World, realms: readonly Realm[], fateOf: NonNullable<Mortality['fateOf']>) {
    const { promise, resolve } = Promise.withResolvers<typeof DIED>()
    this.died = promise
    this.#clock = world.clock.mortal()
    const onDeath = () => {
      this.#clock.die()
      this.pulse.stop()
      resolve(DIED)
    }
    this.#store = new MortalStore(world.store, { fateOf, onDeath, onCommand: () => this.pulse.beat() })
    this.parts = this.#partsIn(world)
    this.engine = new Engine(this.parts, catalogueOf(realms))
  }

  get isDead(): boolean {
    return this.#store.isDead
  }

  die(): void {
    this.#store.die()
  }

  #partsIn({ artifacts, ids, random, complain, steps, undos }: World): EngineParts {
    const { pulse } = this
    const note = (fields: object, message: string) => complain(`${message} ${JSON.stringify(fields)}`)
    return {
      store: this.#store,
      clock: this.#clock,
      artifacts,
      ids,
      random,
      owner: 'test',
      log: { info: () => {}, warn: note, error: note },
      watch: { enter: () => pulse.handlerEnters(), leave: () => pulse.handlerLeaves() },
      perform(ask, step, { intent_type }) {
        const real = () => ask.body(step)
        const fake = steps.of(intent_type, ask.name)
        // It waits for nothing but virtual time.
        if (fake === hanging) return hanging(step, real)
        return pulse.during(`step ${ask.name} of ${intent_type}`, () => (fake ? fake(step, real) : real()))
      },
      performUndo(ask, undo, { intent_type }) {
        const real = () => ask.options.undo?.(undo)
        const fake = undos.of(intent_type, ask.name)
        return pulse.during(`undo of ${ask.name} of ${intent_type}`, () => (fake ? fake(undo, real) : real()))
      },
    }
  }
}
