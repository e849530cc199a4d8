// Tells how each capability is called, when the gateway serves it: all of them first, and after a reload those that are new.

import { setTimeout as sleep } from 'node:timers/promises'

import { createClient } from '@biplane/client'
import type { Capability } from '@biplane/protocol'

import { addressOf, linesOfCapability } from './dev-capability.ts'
import { asShown, bold, dim } from '../terminal/style.ts'

const POLL_MS = 100
/** The gateway asks the runtime for its catalogue every few seconds. */
const SERVED_MS_MAX = 15_000

const NOT_SERVED =
  'The gateway serves no addresses for what the realms can do. Is "rest" among the surfaces of experience.config.ts?'

export class Guide {
  readonly #tenant: string
  readonly #ended = new AbortController()
  #told: Map<string, string> | null = null
  #gateway: string | null = null
  #isLooking = false
  #isWanted = false

  constructor(tenant: string) {
    this.#tenant = tenant
  }

  /** The gateway listens at this address. */
  begin(gateway: string): void {
    this.#gateway = gateway
    this.look()
  }

  /** What the runtime can do may have changed. */
  look(): void {
    this.#isWanted = this.#gateway !== null
    if (this.#isLooking) return
    this.#isLooking = true
    void this.#lookWhileWanted()
  }

  end(): void {
    this.#ended.abort()
  }

  async #lookWhileWanted(): Promise<void> {
    while (this.#isWanted && this.#gateway !== null && !this.#ended.signal.aborted) {
      this.#isWanted = false
      const capabilities = await this.#served(this.#gateway)
      if (capabilities !== null) this.#tell(capabilities, this.#gateway)
      else if (!this.#ended.signal.aborted) process.stderr.write(`${NOT_SERVED}\n`)
    }
    this.#isLooking = false
  }

  /** The catalogue, once the gateway has an address for all of it; null if that does not come about. */
  async #served(gateway: string): Promise<readonly Capability[] | null> {
    const signal = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(SERVED_MS_MAX)])
    const client = createClient({ url: `${gateway}/v1`, tenantId: this.#tenant })
    while (!signal.aborted) {
      try {
        const { capabilities } = await client.capabilities({ signal })
        const answer = await fetch(`${gateway}/openapi.json`, { signal })
        const { paths = {} } = (await answer.json()) as { paths?: object }
        if (capabilities.every(({ type }) => addressOf(type) in paths)) return capabilities
      } catch {
        // Not yet, or no longer: the loop sees which.
      }
      await sleep(POLL_MS)
    }
    return null
  }

  #tell(capabilities: readonly Capability[], gateway: string): void {
    const isFirst = this.#told === null
    const news = capabilities.filter((one) => this.#told?.get(one.type) !== JSON.stringify(one))
    this.#told = new Map(capabilities.map((one) => [one.type, JSON.stringify(one)]))
    const about = ({ type, title }: Capability, lines: string[]) => [
      `  ${bold(type)} ${dim(title)}`,
      ...lines.map((line) => `    ${line}`),
    ]
    const parts = news.flatMap((one) => about(one, linesOfCapability(one, gateway, this.#tenant)))
    if (isFirst && news.length === 0) parts.push('  No realm yet. Write one: npx biplane new realm hello')
    if (isFirst) parts.push('', dim('Save a realm and it is reloaded. Ctrl-C stops both planes.'))
    if (parts.length > 0) process.stdout.write(asShown(`\n${parts.join('\n')}\n\n`, process.stdout))
  }
}
