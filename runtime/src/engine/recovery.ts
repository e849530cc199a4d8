// The start of a process on what the one before left: what was at work goes on, and what waits for its turn stands where it stood.

import { type ExecutionId, type Status, isFinal } from '@biplane/protocol'

import type { Begun, ExecutionRow, PageOf } from '../store/port.ts'
import { PARENT_ENDED } from './finish.ts'
import type { Catalogue } from './catalogue.ts'
import type { FlowControl } from './flow-control.ts'
import { LIST_BEGUN, RECOVER_AT_ONCE } from './limits.ts'
import type { Operator } from './operator.ts'
import type { Place } from './place.ts'
import type { EngineParts } from './ports.ts'
import { readHistory } from './read-history.ts'
import type { Recovery as How, Residents } from './residents.ts'
import type { TenantAdmission } from './tenant-admission.ts'

interface RecoveryParts {
  parts: EngineParts
  catalogue: Catalogue
  residents: Residents
  operator: Operator
  flow: FlowControl
  admission: TenantAdmission
  /** Whether this process has accepted it. */
  isOwn: (execution: ExecutionId) => boolean
  /** How the process that had it ended. */
  howOf: (row: ExecutionRow) => How
}

export class Recovery {
  readonly #of: RecoveryParts

  constructor(of: RecoveryParts) {
    this.#of = of
  }

  /** Resolves when every unfinished execution is under way again, or is found to wait. Answers how many go on. */
  async run(): Promise<number> {
    const { store } = this.#of.parts
    let after: string | null = null
    let recovered = 0
    const turns: ExecutionRow[] = []
    const children: ExecutionRow[] = []
    do {
      const page = await store.listUnfinished(after, RECOVER_AT_ONCE)
      const left = page.items.filter(({ execution_id }) => !this.#of.isOwn(execution_id))
      for (const { tenant_id } of left) this.#of.admission.found(tenant_id)
      recovered += (await Promise.all(left.map((row) => this.#recover(row)))).filter(Boolean).length
      turns.push(...left.filter((row) => this.#hasTurn(row)))
      children.push(...left.filter(({ parent_ordinal }) => parent_ordinal !== null))
      after = page.next
    } while (after !== null)
    await this.#restoreTurns(turns)
    await this.#restoreRates()
    await Promise.all(children.map((row) => this.#cancelOrphan(row)))
    return recovered
  }

  /** How often may begin what has begun counts for, as far back as it counts. */
  async #restoreRates(): Promise<void> {
    for (const { type, limit } of this.#of.catalogue.capabilities) {
      if (limit?.rate) await this.#restoreRate(type, this.#of.parts.clock.now() - limit.rate.per_ms)
    }
  }

  async #restoreRate(intent_type: string, since_ms: number): Promise<void> {
    const { parts, flow } = this.#of
    let after: string | null = null
    do {
      const page: PageOf<Begun> = await parts.store.listBegun(intent_type, since_ms, after, LIST_BEGUN)
      for (const { rate_lane, began_ms } of page.items) flow.restoreBegun(rate_lane, began_ms)
      after = page.next
    } while (after !== null)
  }

  /** True if it goes on. */
  async #recover(row: ExecutionRow): Promise<boolean> {
    const { operator, residents, howOf } = this.#of
    if (row.status === 'paused') return operator.reconsider(row)
    if (!AT_WORK.includes(row.status)) return false
    return this.#unlessTouched(row, async (now) => {
      await residents.load(now, howOf(row))
      return true
    })
  }

  /** It waits for its turn, or has it and keeps it. */
  #hasTurn(row: ExecutionRow): boolean {
    if (row.status === 'accepted') return true
    return !AT_WORK.includes(row.status) && row.began_ms !== null && this.#of.flow.isSerial(row)
  }

  /** Started work before new: those that keep their turn while they wait have it before others come, in the order they were accepted. */
  async #restoreTurns(rows: readonly ExecutionRow[]): Promise<void> {
    const { residents } = this.#of
    const placed: { row: ExecutionRow; place: Place; pos: number }[] = []
    for (let i = 0; i < rows.length; i += RECOVER_AT_ONCE) {
      placed.push(...(await Promise.all(rows.slice(i, i + RECOVER_AT_ONCE).map((row) => this.#placed(row)))))
    }
    // Ids of one millisecond are in any order; the log is not.
    placed.sort((a, b) => a.pos - b.pos)
    for (const { row, place } of placed) {
      if (row.status !== 'accepted') residents.keepTurn(row, place)
    }
    for (const { row, place } of placed) {
      if (row.status === 'accepted') await this.#unlessTouched(row, async (now) => residents.takePlace(now, place))
    }
  }

  async #placed(row: ExecutionRow) {
    const entries = await this.#of.residents.entriesOf(row.execution_id)
    return { row, place: readHistory(entries).place, pos: entries[0]?.pos ?? 0 }
  }

  /** What was read of it may be old: what has begun already may have woken it or ended it. */
  #unlessTouched<T>(row: ExecutionRow, work: (now: ExecutionRow) => Promise<T>): Promise<T | false> {
    const { residents, parts } = this.#of
    return residents.with(
      row.execution_id,
      () => false,
      async () => {
        const now = await parts.store.getExecution(row.tenant_id, row.execution_id)
        return now?.status === row.status ? work(now) : false
      },
    )
  }

  /** The process may have died between the end of an execution and the cancel of a child that it no longer waited for. */
  async #cancelOrphan(row: ExecutionRow): Promise<void> {
    const parent = row.parent_id && (await this.#of.parts.store.getExecution(row.tenant_id, row.parent_id))
    if (!parent || !isFinal(parent.status)) return
    await this.#of.operator.cancel(row, { mode: 'cooperative', reason: PARENT_ENDED })
  }
}

const AT_WORK: readonly Status[] = ['running', 'compensating']
