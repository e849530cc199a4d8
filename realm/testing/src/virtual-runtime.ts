// A runtime in this process: the real engine on a store in memory, with a clock that moves when there is nothing else to do.

import {
  type Event,
  type ExecutionId,
  ProblemError,
  type SessionId,
  type TenantId,
  parsedOr,
  realmOf,
} from '@biplane/protocol'
import type { Artifacts, Duration, Realm } from '@biplane/realm'
import { toMs } from '@biplane/realm/duration'
import { MemoryStore } from '@biplane/runtime/memory-store'
import { queryContext } from '@biplane/runtime/query-context'
import type { StateScope } from '@biplane/runtime/store-port'

import { chanceOf, idsOf } from './chance.ts'
import { Driver } from './driver.ts'
import { type FakeStep, type FakeUndo, Fakes } from './fakes.ts'
import { Handle, type Kit, asSent } from './handle.ts'
import type { Life, World } from './life.ts'
import { MemoryArtifacts } from './memory-artifacts.ts'
import type { Mortality } from './mortal-store.ts'
import { Processes } from './processes.ts'
import { replayEveryStep } from './replay-every-step.ts'
import { Readings } from './readings.ts'
import { Sessions } from './sessions.ts'
import { VirtualClock } from './virtual-clock.ts'

/** The same each time, so that what a test sees is the same each time. */
const BEGINNING_MS = Date.UTC(2026, 0, 1)
const PATIENCE_MS = 250

export interface VirtualOptions {
  /** Of ids and chance. Default 1. */
  seed?: number
  /** When it begins, in milliseconds since 1970. */
  now?: number
  /** The process dies after each commit that an execution goes on from, so that all of it is replayed again and again. */
  replayEveryStep?: boolean
  /**
   * How long a step's body may do nothing that can be seen from outside, in milliseconds of real time, before it is taken to wait for
   * virtual time, such as its own time-out. Default 250.
   */
  patienceMs?: number
}

export interface Whose {
  /** Default `test`. */
  tenant?: TenantId
  /** An id, or any name: each has a session of its own. Default `main`. */
  session?: string
}

export interface SubmitOptions extends Whose {
  /** The idempotency key. */
  key?: string
  by?: string
}

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
  readonly #readings: Readings
  readonly #processes: Processes
  readonly #sessions: Sessions
  readonly #driver: Driver
  readonly #kit: Kit
  #keys = 0

  constructor(realms: readonly Realm[], options: VirtualOptions, fateOf: NonNullable<Mortality['fateOf']>) {
    this.#clock = new VirtualClock(options.now ?? BEGINNING_MS)
    const store = new MemoryStore(this.#clock)
    this.#readings = new Readings(store)
    const chance = chanceOf(options.seed ?? 1)
    const world: World = {
      clock: this.#clock,
      store,
      artifacts: this.#artifacts,
      ids: idsOf(chance, this.#clock),
      random: chance,
      steps: this.#steps,
      undos: this.#undos,
      complain: (message) => this.#readings.complain(message),
    }
    this.#processes = new Processes(world, realms, fateOf)
    this.#sessions = new Sessions(this.#processes)
    this.#driver = new Driver(this.#clock, () => this.#processes.living(), options.patienceMs ?? PATIENCE_MS)
    const newKey = () => `test-${++this.#keys}`
    this.#kit = { driver: this.#driver, processes: this.#processes, readings: this.#readings, newKey }
  }

  async started(): Promise<void> {
    await this.#processes.living()
  }

  /** Resolves when the intent is accepted. @throws ProblemError as a client is answered */
  async submit(intentType: string, payload: unknown = {}, options: SubmitOptions = {}): Promise<Handle> {
    const { tenant = TENANT, session = SESSION, key = this.#kit.newKey(), by } = options
    const session_id = await this.#sessions.named(tenant, session)
    const request = {
      tenant_id: tenant,
      session_id,
      intent_type: intentType,
      realm: realmOf(intentType),
      payload: asSent(payload, 'The payload'),
      idempotency_key: key,
      ...(by === undefined ? {} : { by }),
    }
    const accepted = await this.#processes.ask(({ engine }) => engine.accept(request))
    return new Handle(this.#kit, { ...accepted, tenant_id: tenant })
  }

  /** One that was begun otherwise: a child, or what another handle began. */
  async execution(id: string, tenant: TenantId = TENANT): Promise<Handle> {
    const { execution_id, intent_id, session_id } = await this.#readings.row(tenant, id as ExecutionId)
    return new Handle(this.#kit, { execution_id, intent_id, session_id, tenant_id: tenant })
  }

  /** @throws ProblemError query_type_unknown, payload_invalid; what the query throws */
  async query(queryType: string, payload: unknown = {}, { tenant = TENANT, session }: Whose = {}): Promise<unknown> {
    const { engine, parts } = await this.#driver.still()
    const registered = engine.catalogue.query(queryType)
    if (!registered) throw new ProblemError('query_type_unknown', `There is no query type ${queryType}.`)
    const { definition } = registered
    const asked = parsedOr(definition.payload, asSent(payload, 'The payload'), 'payload_invalid', 'payload')
    const session_id = session === undefined ? null : await this.#sessions.named(tenant, session)
    const context = queryContext(parts, tenant, session_id, AbortSignal.timeout(definition.timeoutMs))
    return asSent(definition.result.parse(await definition.run(context, asked as never)), 'The answer')
  }

  /** A fact of a session or, with scope `tenant`, of the tenant; null if it is absent. */
  async state(
    key: string,
    { scope = 'session', tenant = TENANT, session = SESSION }: Whose & { scope?: StateScope } = {},
  ) {
    await this.#driver.still()
    const owner = scope === 'tenant' ? tenant : await this.#sessions.named(tenant, session)
    return this.#readings.state(scope, owner, key)
  }

  /** The log of a session, as its readers see it. */
  async events({ tenant = TENANT, session = SESSION }: Whose = {}): Promise<Event[]> {
    await this.#driver.still()
    return this.#readings.events(await this.#sessions.named(tenant, session))
  }

  sessionId({ tenant = TENANT, session = SESSION }: Whose = {}): Promise<SessionId> {
    return this.#sessions.named(tenant, session)
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
    await this.#driver.for({ look, why: async () => 'Time cannot pass.' })
  }

  /** Lets time pass until something holds; `what` names it. @throws Error if nothing is due that could bring it */
  async until(holds: () => boolean | Promise<boolean>, what = 'What is waited for'): Promise<void> {
    const look = async () => ((await holds()) ? true : null)
    await this.#driver.for({
      look,
      why: async () => `${what} will not come: nothing is due.${this.#readings.complaints()}`,
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
    await this.#processes.crash()
  }

  /** The process dies, and one with other realms starts on what it left. */
  async deploy(realms: readonly Realm[]): Promise<void> {
    await this.#processes.crash(realms)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#processes.close()
    await this.#artifacts[Symbol.asyncDispose]()
  }
}

const TENANT = 'test'
const SESSION = 'main'
