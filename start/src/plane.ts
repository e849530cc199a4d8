// A plane under supervision: started, and started again when it dies.
//
//   starting ──ready──► up ──died──► backoff ──► starting again ──ready──► up …
//      │                 │              └── too many deaths in a row ──► failed
//      │                 └── exit code 2 ──► failed        stop() ──► stopped, from everywhere
//      └── died before it was ever ready ──► failed at once: what cannot start once will not start five times

import { setTimeout as sleep } from 'node:timers/promises'

import { Child, type Ended, type Output } from './child.ts'
import { EXIT_CANNOT_RUN, type PlaneSpec } from './plane-spec.ts'

export interface Patience {
  /** How many deaths in a row are borne, each sooner than `steadyMs` after its start. */
  deathsMax: number
  steadyMs: number
  backoffFirstMs: number
  backoffMaxMs: number
}

const PATIENCE: Patience = { deathsMax: 5, steadyMs: 60_000, backoffFirstMs: 250, backoffMaxMs: 8000 }

/** Why there is no plane; the message is for the person at the terminal. */
export class PlaneFailed extends Error {
  override readonly name = 'PlaneFailed'
}

export interface PlaneHooks {
  output: Output
  /** One line for people. */
  say: (line: string) => void
  /** Where the full output is, for messages. */
  logPath: string
  /** Aborts when stopping must not be waited for any longer. */
  force: AbortSignal
  patience?: Patience | undefined
}

export class Plane {
  readonly #spec: PlaneSpec
  readonly #hooks: PlaneHooks
  readonly #stopping = new AbortController()
  #env: NodeJS.ProcessEnv
  #child: Child | null = null
  #launchedAt = 0

  constructor(spec: PlaneSpec, env: NodeJS.ProcessEnv, hooks: PlaneHooks) {
    this.#spec = spec
    this.#env = env
    this.#hooks = hooks
  }

  /** Its address, when it is ready there. The address stays the same over restarts. @throws PlaneFailed */
  async start(): Promise<string> {
    const child = this.#launch()
    const url = await this.#untilReady(child)
    if (url === null) throw this.#neverReady(await child.ended)
    this.#env = { ...this.#env, [this.#spec.portVariable]: new URL(url).port }
    return url
  }

  /** Starts it again whenever it dies. Resolves once it was stopped. @throws PlaneFailed when that is of no use */
  async keepRunning(): Promise<void> {
    const { deathsMax, steadyMs, backoffFirstMs, backoffMaxMs } = this.#hooks.patience ?? PATIENCE
    let deaths = 0
    while (this.#child !== null) {
      const ended = await this.#child.ended
      if (this.#stopping.signal.aborted) return
      deaths = performance.now() - this.#launchedAt > steadyMs ? 1 : deaths + 1
      if (ended.code === EXIT_CANNOT_RUN) throw this.#failed('cannot start again; it says above why.')
      if (deaths > deathsMax) throw this.#failed(`${howItEnded(ended)}, ${deaths} times in a row.`)
      await this.#startAgain(ended, Math.min(backoffFirstMs * 2 ** (deaths - 1), backoffMaxMs))
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#child?.stop(this.#hooks.force)
  }

  async #startAgain(ended: Ended, pauseMs: number): Promise<void> {
    this.#hooks.say(`It ${howItEnded(ended)}; the rest keeps running. Starting it again in ${pauseMs / 1000} s.`)
    try {
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal })
    } catch {
      // stop() was called; the loop sees it, because the child that ended is still the last one.
      return
    }
    const url = await this.#untilReady(this.#launch())
    if (url !== null) this.#hooks.say(`It is up again at ${url}.`)
  }

  #launch(): Child {
    this.#launchedAt = performance.now()
    this.#child = new Child(this.#spec, this.#env, this.#hooks.output)
    return this.#child
  }

  /** Null if it ended first, or was not ready in time and was stopped for it. */
  async #untilReady(child: Child): Promise<string | null> {
    const ready = await child.ready(this.#spec.readyPath)
    if (ready === 'ended') return null
    if (ready !== 'late') return ready.url
    this.#hooks.say(`The ${this.#spec.name} listens, but does not become ready. Stopping it.`)
    await child.stop(this.#hooks.force)
    return null
  }

  #neverReady(ended: Ended): PlaneFailed {
    return this.#failed(
      ended.code === EXIT_CANNOT_RUN ? 'cannot start; it says above why.' : `${howItEnded(ended)} before it was ready.`,
    )
  }

  #failed(how: string): PlaneFailed {
    return new PlaneFailed(`The ${this.#spec.name} ${how} Its full output is in ${this.#hooks.logPath}.`)
  }
}

function howItEnded({ code, signal }: Ended): string {
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
}
