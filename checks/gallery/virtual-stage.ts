// The kit of realm/testing: the real engine in one process, on a clock that moves when there is nothing else to do.

import { type Event, ProblemError, type Status } from '@biplane/protocol'
import type { Realm } from '@biplane/realm'
import { type Handle, type VirtualRuntime, virtualRuntime } from '@biplane/realm-testing'

import type { Decision, Seen, Stage } from './stage.ts'
import type { World } from './world.ts'

const LOOK_EVERY_MS = 10
const LOOKS_MAX = 10_000
/** Steps wait at the gates of the world, which open when the story says so: no patience brings anything. */
const PATIENCE_MS = 10

export class VirtualStage implements Stage {
  readonly #world: World
  readonly #runtime: VirtualRuntime
  readonly #handles = new Map<string, Handle>()

  private constructor(world: World, runtime: VirtualRuntime) {
    this.#world = world
    this.#runtime = runtime
  }

  static async open(world: World, realms: readonly Realm[]): Promise<VirtualStage> {
    return new VirtualStage(world, await virtualRuntime(realms, { patienceMs: PATIENCE_MS }))
  }

  now(): number {
    return this.#runtime.now()
  }

  async begin(intentType: string, payload: unknown): Promise<string> {
    return this.#keep(await this.#runtime.submit(intentType, payload))
  }

  look(id: string): Promise<Seen> {
    return this.#of(id).view()
  }

  async until(id: string, status: Status): Promise<Seen> {
    await this.#of(id).until(status)
    return this.look(id)
  }

  end(id: string): Promise<Seen> {
    return this.#of(id).end()
  }

  async when(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      await this.#runtime.advance(looks === 0 ? 0 : LOOK_EVERY_MS)
      if (await holds()) return
    }
    throw new Error(`${what} did not come within ${LOOKS_MAX * LOOK_EVERY_MS} ms`)
  }

  signal(id: string, name: string, payload: unknown = null): Promise<string | null> {
    return refusalOf(this.#of(id).signal(name, payload))
  }

  decide(id: string, name: string, { approved, reason }: Decision): Promise<string | null> {
    const run = this.#of(id)
    return refusalOf(approved ? run.approve(name, { reason }) : run.refuse(name, { reason }))
  }

  resume(id: string, reason: string): Promise<void> {
    return this.#of(id).resume({ reason })
  }

  async fork(id: string, through: number): Promise<string> {
    return this.#keep(await this.#of(id).fork({ through }))
  }

  events(): Promise<Event[]> {
    return this.#runtime.events()
  }

  async restart(realms?: readonly Realm[]): Promise<void> {
    // Before, because what the next process begins is not to be forgotten.
    this.#world.forgetProcess()
    await (realms ? this.#runtime.deploy(realms) : this.#runtime.crash())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#runtime[Symbol.asyncDispose]()
  }

  #keep(run: Handle): string {
    this.#handles.set(run.executionId, run)
    return run.executionId
  }

  #of(id: string): Handle {
    const run = this.#handles.get(id)
    if (!run) throw new Error(`Nobody began ${id}.`)
    return run
  }
}

async function refusalOf(asked: Promise<void>): Promise<string | null> {
  try {
    await asked
    return null
  } catch (error) {
    if (error instanceof ProblemError) return error.code
    throw error
  }
}
