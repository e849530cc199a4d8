// Those who use the runtime: they submit, sometimes twice or with another body, and then do to their execution whatever a person
// may do to it, early, late and more than once.

import type { ExecutionId, SessionId, Status, TenantId } from '@biplane/protocol'

import type { Chance } from './chance.ts'
import { SIGNALS, makeProgram } from './make-program.ts'
import type { Answer, Network } from './network.ts'
import type { Observed } from './observed.ts'
import { type Asked, type Program, partsOf } from './program.ts'
import type { World } from './world.ts'

const ACTS_MAX = 6
const ACTS_WITHIN_MS = 25_000
const WAIT_MS_MAX = 10_000

interface Place {
  tenant: TenantId
  session: SessionId
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
  async use(place: Place, request: string, within_ms: number): Promise<void> {
    const chance = this.#chance.fork()
    await this.#world.passed(chance.below(within_ms))
    const asked: Asked = { request, body: 0, program: makeProgram(chance), brief: chance.once(6) }
    const again = chance.once(4) ? [this.#late(place, asked, chance)] : []
    const other = chance.once(8) ? [this.#late(place, { ...asked, body: 1 }, chance)] : []
    const told = await this.#submit(place, asked)
    if (told)
      await Promise.all(actsOf(asked.program, chance).map((act) => this.#act(place.tenant, told, act, chance.fork())))
    await Promise.all([...again, ...other])
  }

  async #late(place: Place, asked: Asked, chance: Chance): Promise<void> {
    await this.#world.passed(chance.below(ACTS_WITHIN_MS))
    await this.#submit(place, asked)
  }

  /** Null if it was refused. */
  async #submit({ tenant, session }: Place, asked: Asked): Promise<ExecutionId | null> {
    const submit = { session_id: session, key: asked.request, asked }
    const seen = { tenant, session, key: asked.request, asked }
    const answer = await this.#network.insist(tenant, (front) => front.submit(submit))
    if ('refused' in answer) {
      this.#observed.submits.push({ ...seen, told: answer })
      return null
    }
    this.#observed.submits.push({ ...seen, told: { execution: answer.told } })
    return answer.told
  }

  async #act(tenant: TenantId, execution: ExecutionId, act: Act, chance: Chance): Promise<void> {
    await this.#world.passed(chance.below(chance.once(3) ? 300 : ACTS_WITHIN_MS))
    for (let times = chance.once(4) ? 2 : 1; times > 0; times--) await this.#once(tenant, execution, act, chance)
  }

  async #once(tenant: TenantId, execution: ExecutionId, act: Act, chance: Chance): Promise<void> {
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
      case 'wait':
        return this.#told(
          execution,
          await this.#network.ask(tenant, (front) => front.waitForEnd(execution, chance.below(WAIT_MS_MAX))),
        )
      case 'look':
        return this.#told(execution, await this.#network.ask(tenant, (front) => front.status(execution)))
    }
  }

  #told(execution: ExecutionId, answer: Answer<Status | null>): void {
    if (answer === 'silence' || 'refused' in answer || answer.told === null) return
    this.#observed.statuses.push({ execution, status: answer.told })
  }
}

type Act =
  | { kind: 'signal'; signal: { name: string; signal_id: string; approved?: boolean } }
  | { kind: 'cancel'; mode: 'cooperative' | 'kill' }
  | { kind: 'pause' | 'resume' | 'wait' | 'look' }

function actsOf(program: Program, chance: Chance): Act[] {
  const waits = partsOf(program).filter((part) => part.do === 'wait' || part.do === 'approve')
  const acts: Act[] = waits
    .filter(() => !chance.once(4))
    .map((wait, i) => {
      const approved = wait.do === 'approve' ? { approved: !chance.once(4) } : {}
      // Two of one id may be of two names: the first is the one that counts.
      return { kind: 'signal', signal: { name: wait.name, signal_id: `sig_${chance.once(10) ? 0 : i}`, ...approved } }
    })
  for (let i = chance.below(ACTS_MAX); i > 0; i--) acts.push(anyAct(chance))
  return acts
}

function anyAct(chance: Chance): Act {
  switch (chance.below(8)) {
    case 0:
      return { kind: 'cancel', mode: chance.once(3) ? 'kill' : 'cooperative' }
    case 1:
      return { kind: 'pause' }
    case 2:
      return { kind: 'resume' }
    case 3:
      return { kind: 'signal', signal: { name: chance.pick(SIGNALS), signal_id: `sig_more_${chance.below(3)}` } }
    case 4:
    case 5:
      return { kind: 'wait' }
    default:
      return { kind: 'look' }
  }
}
