// A runtime in this process: the real engine on a store in memory, with a clock that moves when there is nothing else to do.

import { type Event, type ExecutionId, type SessionId, type TenantId, realmOf } from '@biplane/protocol'
import type { Artifacts, Duration, Realm } from '@biplane/realm'
import { toMs } from '@biplane/realm/duration'
import { MemoryStore } from '@biplane/runtime/memory-store'
import type { StateScope } from '@biplane/runtime/store-port'

import { askQuery } from './ask-query.ts'
import { chanceOf, idsOf } from './chance.ts'
import { Driver } from './driver.ts'
import { type FakeStep, type FakeUndo, Fakes } from './fakes.ts'
import { Handle } from './handle.ts'
import { type Kit, asSent } from './kit.ts'
import type { Life, World } from './life.ts'
import { MemoryArtifacts } from './memory-artifacts.ts'
import type { Mortality } from './mortal-store.ts'
import {
  BEGINNING_MS,
  PATIENCE_MS,
  SESSION,
  type SubmitOptions,
  TENANT,
  type VirtualOptions,
  type Whose,
} from './options.ts'
import { Processes } from './processes.ts'
import { Readings } from './readings.ts'
import { replayEveryStep } from './replay-every-step.ts'
import { Sessions } from './sessions.ts'
import { VirtualClock } from './virtual-clock.ts'

/** @throws Error if the realms cannot run side by side */
export async function virtualRuntime(realms: readonly Realm[], options: VirtualOptions = {}): Promise<VirtualRuntime> {
  return startedWith(realms, options, () => 'lives')
}

export async function startedWith(
  realms: readonly Realm[],
  options: VirtualOptions,
  fateOf: NonNullable<Mortality['fateOf']>,
): Promise<VirtualRuntime> {
  const runtime = new VirtualRuntime(realms, options, options.replayEveryStep ? replayEveryStep(fateOf) : fateOf)
  await runtime.started()
  return runtime
}

export class VirtualRuntime {
  readonly #clock: VirtualClock
  readonly #artifacts = new MemoryArtifacts()
  readonly #steps = new Fakes<FakeStep>()
  readonly #undos = new Fakes<FakeUndo>()
  readonly #kit: Kit
  #keys = 0

  constructor(realms: readonly Realm[], options: VirtualOptions, fateOf: NonNullable<Mortality['fateOf']>) {
    this.#clock = new VirtualClock(options.now ?? BEGINNING_MS)
    const store = new MemoryStore(this.#clock)
    const readings = new Readings(store)
    const chance = chanceOf(options.seed ?? 1)
    const world: World = {
      clock: this.#clock,
      store,
      artifacts: this.#artifacts,
      ids: idsOf(chance, this.#clock),
      random: chance,
      steps: this.#steps,
      undos: this.#undos,
      complain: (message) => readings.complain(message),
    }
    const processes = new Processes(world, realms, fateOf)
    const driver = new Driver(this.#clock, () => processes.living(), options.patienceMs ?? PATIENCE_MS)
    const newKey = () => `test-${++this.#keys}`
    this.#kit = { driver, processes, readings, sessions: new Sessions(processes), newKey }
  }

  async started(): Promise<void> {
    await this.#kit.processes.living()
  }

  /** Resolves when the intent is accepted. @throws ProblemError as a client is answered */
  async submit(intentType: string, payload: unknown = {}, options: SubmitOptions = {}): Promise<Handle> {
    const { tenant = TENANT, session = SESSION, key = this.#kit.newKey(), by } = options
    const session_id = await this.#kit.sessions.named(tenant, session)
    const request = {
      tenant_id: tenant,
      session_id,
      intent_type: intentType,
      realm: realmOf(intentType),
      payload: asSent(payload, 'The payload'),
      idempotency_key: key,
      ...(by === undefined ? {} : { by }),
    }
    const accepted = await this.#kit.processes.ask(({ engine }) => engine.accept(request))
    return new Handle(this.#kit, { ...accepted, tenant_id: tenant })
  }

  /** One that was begun otherwise: a child, or what another handle began. */
  async execution(id: string, tenant: TenantId = TENANT): Promise<Handle> {
    const { execution_id, intent_id, session_id } = await this.#kit.readings.row(tenant, id as ExecutionId)
    return new Handle(this.#kit, { execution_id, intent_id, session_id, tenant_id: tenant })
  }

  /** @throws ProblemError query_type_unknown, payload_invalid; what the query throws */
  query(queryType: string, payload: unknown = {}, whose: Whose = {}): Promise<unknown> {
    return askQuery(this.#kit, queryType, payload, whose)
  }

  /** A fact of a session or, with scope `tenant`, of the tenant; null if it is absent. */
  async state(
    key: string,
    { scope = 'session', tenant = TENANT, session = SESSION }: Whose & { scope?: StateScope } = {},
  ) {
    await this.#kit.driver.still()
    const owner = scope === 'tenant' ? tenant : await this.#kit.sessions.named(tenant, session)
    return this.#kit.readings.state(scope, owner, key)
  }

  /** The log of a session, as its readers see it. */
  async events({ tenant = TENANT, session = SESSION }: Whose = {}): Promise<Event[]> {
    await this.#kit.driver.still()
    return this.#kit.readings.events(await this.#kit.sessions.named(tenant, session))
  }

  sessionId({ tenant = TENANT, session = SESSION }: Whose = {}): Promise<SessionId> {
    return this.#kit.sessions.named(tenant, session)
  }

  /** The artifacts of a tenant, to give to an intent or to look at. */
  artifacts(tenant: TenantId = TENANT): Artifacts {
    return this.#artifacts.of(tenant)
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#clock.now()
  }

  /** Lets time pass, with all that is due in it. */
  async advance(duration: Duration): Promise<void> {
    const until_ms = this.#clock.now() + toMs(duration)
    const look = async ({ pulse }: Life) => {
      const { next_ms } = this.#clock
      // What a body that is under way sets in motion is due in that time, too.
      if (pulse.hasFreshBodies || (next_ms !== null && next_ms <= until_ms)) return null
      this.#clock.standAt(until_ms)
      return true
    }
    await this.#kit.driver.for({ look, why: async () => 'Time cannot pass.' })
  }

  /** Lets time pass until something holds; `what` names it. @throws Error if nothing is due that could bring it */
  async until(holds: () => boolean | Promise<boolean>, what = 'What is waited for'): Promise<void> {
    const look = async () => ((await holds()) ? true : null)
    await this.#kit.driver.for({
      look,
      why: async () => `${what} will not come: nothing is due.${this.#kit.readings.complaints()}`,
    })
  }

  /** Does a step's work instead of the realm: by its name, or by `realm.intent/step`. */
  fakeStep(step: string, fake: FakeStep): void {
    this.#steps.set(step, fake)
  }

  /** Takes a step back instead of the realm: by its name, or by `realm.intent/step`. */
  fakeUndo(step: string, fake: FakeUndo): void {
    this.#undos.set(step, fake)
  }

  /** The process dies, and another one starts on what it left. */
  async crash(): Promise<void> {
    await this.#kit.processes.crash()
  }

  /** The process dies, and one with other realms starts on what it left. */
  async deploy(realms: readonly Realm[]): Promise<void> {
    await this.#kit.processes.crash(realms)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kit.processes.close()
    await this.#artifacts[Symbol.asyncDispose]()
  }
}
