// Those who use the runtime: they submit, sometimes twice or with another body, and then do to their execution whatever a person
// may do to it, early, late and more than once.

import type { ExecutionId, SessionId, Status, TenantId } from '@biplane/protocol'

import { type Act, actsOf } from './acts.ts'
import type { Chance } from './chance.ts'
import type { Errand } from './errand.ts'
import type { AgainAsk } from './front.ts'
import type { Answer, Network } from './network.ts'
import type { Observed, Told } from './observed.ts'
import type { Asked } from './program.ts'
import { settleOnce } from './settle.ts'
import type { World } from './world.ts'

const ACTS_WITHIN_MS = 25_000
const WAIT_MS_MAX = 10_000
/** How often somebody looks whether there is something to settle, and how long in between. */
const LOOKS_MAX = 5
const LOOK_EVERY_MS = 5_000
/** Executions that are begun again, and again. */
const AGAIN_MAX = 2

interface Place {
  tenant: TenantId
  session: SessionId
}

/** An execution that a client sees to. */
interface Own {
  tenant: TenantId
  execution: ExecutionId
  asked: Asked
  /** How many executions it was begun again after. */
  generation: number
}

export class Client {
  readonly #world: World
  readonly #network: Network
  readonly #observed: Observed
  readonly #chance: Chance

  constructor(world: World, network: Network, observed: Observed, chance: Chance) {
    this.#world = world
    this.#network = network
    this.#observed = observed
    this.#chance = chance.fork()
  }

  /** Submits one intent until it is answered, and sees to it for a while. */
  async use(place: Place, request: string, { from_ms, within_ms, make }: Errand): Promise<void> {
    const chance = this.#chance.fork()
    await this.#world.passed(from_ms + chance.below(within_ms))
    const asked: Asked = { request, body: 0, ...make(chance) }
    const again = chance.once(4) ? [this.#late(place, asked, chance)] : []
    const other = chance.once(8) ? [this.#late(place, { ...asked, body: 1 }, chance)] : []
    await Promise.all([...again, ...other, this.#first(place, asked, chance)])
  }

  async #first(place: Place, asked: Asked, chance: Chance): Promise<void> {
    const told = await this.#submit(place, asked)
    if ('refused' in told) return
    await this.#seeTo({ tenant: place.tenant, execution: told.execution, asked, generation: 0 }, chance)
  }

  async #late(place: Place, asked: Asked, chance: Chance): Promise<void> {
    await this.#world.passed(chance.below(ACTS_WITHIN_MS))
    await this.#submit(place, asked)
  }

  async #submit({ tenant, session }: Place, asked: Asked): Promise<Told> {
    const key = asked.request
    const told = toldOf(
      await this.#network.insist(tenant, (front) => front.submit({ session_id: session, key, asked })),
    )
    this.#observed.submits.push({ tenant, session, key, asked, told })
    return told
  }

  async #seeTo(own: Own, chance: Chance): Promise<void> {
    const acts = actsOf(own.asked.program, own.asked.request, chance)
    await Promise.all(acts.map((act) => this.#act(own, act, chance.fork())))
  }

  async #act(own: Own, act: Act, chance: Chance): Promise<void> {
    await this.#world.passed(chance.below(chance.once(3) ? 300 : ACTS_WITHIN_MS))
    for (let times = chance.once(4) ? 2 : 1; times > 0; times--) await this.#once(own, act, chance)
  }

  async #once(own: Own, act: Act, chance: Chance): Promise<void> {
    const { tenant, execution } = own
    switch (act.kind) {
      case 'signal': {
        const { signal } = act
        const answer = await this.#network.insist(tenant, (front) => front.signal(execution, signal))
        if ('told' in answer) this.#observed.signals.push({ execution, signal_id: signal.signal_id })
        return
      }
      case 'cancel':
        return this.#told(execution, await this.#network.ask(tenant, (front) => front.cancel(execution, act.mode)))
      case 'pause': {
        this.#told(execution, await this.#network.ask(tenant, (front) => front.pause(execution)))
        await this.#world.passed(chance.below(WAIT_MS_MAX))
        return this.#told(execution, await this.#network.ask(tenant, (front) => front.resume(execution)))
      }
      case 'resume':
        return this.#told(execution, await this.#network.ask(tenant, (front) => front.resume(execution)))
      case 'settle':
        return this.#settle(own, chance)
      case 'again':
        return this.#again(own, { ...act.ask, of: execution }, chance)
      case 'wait':
        return this.#told(
          execution,
          await this.#network.ask(tenant, (front) => front.waitForEnd(execution, chance.below(WAIT_MS_MAX))),
        )
      case 'look':
        return this.#told(execution, await this.#network.ask(tenant, (front) => front.status(execution)))
    }
  }

  /** Waits for a while that there is something to settle, and settles something: the right thing, or another. */
  async #settle({ tenant, execution }: Own, chance: Chance): Promise<void> {
    for (let looks = 0; looks < LOOKS_MAX; looks++) {
      const row = await this.#world.store.getExecution(tenant, execution)
      if (row?.status === 'parked' || chance.once(LOOKS_MAX)) {
        return settleOnce(this.#world, this.#network, this.#observed, { tenant, execution }, chance)
      }
      await this.#world.passed(LOOK_EVERY_MS)
    }
  }

  async #again(own: Own, ask: AgainAsk, chance: Chance): Promise<void> {
    const { tenant, asked, generation } = own
    await this.#network.ask(tenant, (front) => front.waitForEnd(ask.of, WAIT_MS_MAX))
    const told = toldOf(await this.#network.insist(tenant, (front) => front.again(ask)))
    this.#observed.again.push({ ...ask, tenant, told })
    if ('refused' in told || generation >= AGAIN_MAX) return
    await this.#seeTo({ tenant, execution: told.execution, asked, generation: generation + 1 }, chance)
  }

  #told(execution: ExecutionId, answer: Answer<Status | null>): void {
    if (answer === 'silence' || 'refused' in answer || answer.told === null) return
    this.#observed.statuses.push({ execution, status: answer.told })
  }
}

const toldOf = (answer: { told: ExecutionId } | { refused: string }): Told =>
  'told' in answer ? { execution: answer.told } : answer
