// Which events of a log a reader asks for. It looks at entries, before they are made events.

import type { EventKind } from '@biplane/protocol'

import type { Entry } from '../store/port.ts'
import type { ExecutionRealms } from './execution-realms.ts'

/** What is left out is not asked for; of each list one must fit. */
export interface FilterAsk {
  type?: readonly string[] | undefined
  kind?: readonly EventKind[] | undefined
  realm?: readonly string[] | undefined
}

/** Null if everything fits. */
export const filterOf = (ask: FilterAsk, realms: ExecutionRealms): EventFilter | null =>
  ask.type || ask.kind || ask.realm ? new EventFilter(ask, realms) : null

export class EventFilter {
  readonly #types: ReadonlySet<string> | null
  readonly #kinds: ReadonlySet<EventKind> | null
  readonly #realmNames: ReadonlySet<string> | null
  readonly #realms: ExecutionRealms

  constructor({ type, kind, realm }: FilterAsk, realms: ExecutionRealms) {
    this.#types = type ? new Set(type) : null
    this.#kinds = kind ? new Set(kind) : null
    this.#realmNames = realm ? new Set(realm) : null
    this.#realms = realms
  }

  /** Those of the entries that fit, as a test for each. */
  async of(entries: readonly Entry[]): Promise<(entry: Entry) => boolean> {
    const names = this.#realmNames
    if (!names) return (entry) => this.#fits(entry)
    const realmOf = await this.#realms.of(entries.filter((entry) => this.#fits(entry)))
    return (entry) => this.#fits(entry) && names.has(realmOf(entry) ?? '')
  }

  #fits({ type, kind }: Entry): boolean {
    return (this.#types?.has(type) ?? true) && (this.#kinds?.has(kind) ?? true)
  }
}
