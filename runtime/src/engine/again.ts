// What has ended, begun again: a retry does it from its beginning, a fork goes on from an answer that the first one had. Each is a
// new execution of the same intent in the same session; the first stays as it is.

import { ProblemError, isFinal } from '@biplane/protocol'

import type { Entry, ExecutionRow, Store } from '../store/port.ts'
import type { Accepted, IntentRequest } from './acceptance.ts'
import type { Actor } from './actor.ts'
import type { Residents } from './residents.ts'

export interface AgainRequest extends Actor {
  /** Without one, it is begun again once however often that is asked for. */
  idempotency_key?: string
}

export class Again {
  readonly #store: Store
  readonly #residents: Residents
  readonly #accept: (request: IntentRequest) => Promise<Accepted>

  constructor(store: Store, residents: Residents, accept: (request: IntentRequest) => Promise<Accepted>) {
    this.#store = store
    this.#residents = residents
    this.#accept = accept
  }

  /** @throws ProblemError execution_not_final, session_closed, payload_invalid if its schema refuses it now */
  async retry(row: ExecutionRow, request: AgainRequest): Promise<Accepted> {
    const entries = await this.#entriesOf(row)
    const { execution_id } = row
    const idempotency_key = request.idempotency_key ?? `retry ${execution_id}`
    return this.#accept({ ...intentOf(row, entries), ...request, idempotency_key, retry_of: execution_id })
  }

  /** `through`: the call whose answer is the last that is shared. @throws ProblemError as retry does; fork_point_unknown */
  async fork(row: ExecutionRow, request: AgainRequest, through?: number): Promise<Accepted> {
    const entries = await this.#entriesOf(row)
    const { execution_id } = row
    const through_seq = through === undefined ? beforeItFailed(entries) : answerTo(entries, through)
    const idempotency_key = request.idempotency_key ?? `fork ${execution_id}/${through_seq}`
    return this.#accept({
      ...intentOf(row, entries),
      ...request,
      idempotency_key,
      fork_of: { execution_id, through_seq },
    })
  }

  async #entriesOf(row: ExecutionRow): Promise<Entry[]> {
    const { tenant_id, execution_id } = row
    const now = await this.#store.getExecution(tenant_id, execution_id)
    if (!now || !isFinal(now.status)) {
      throw new ProblemError('execution_not_final', `Execution ${execution_id} is ${now?.status ?? 'not there'}.`)
    }
    return this.#residents.entriesOf(execution_id)
  }
}

const intentOf = (row: ExecutionRow, entries: readonly Entry[]): IntentRequest => ({
  tenant_id: row.tenant_id,
  session_id: row.session_id,
  intent_id: row.intent_id,
  intent_type: row.intent_type,
  realm: row.realm,
  payload: (JSON.parse(entries[0]?.secret ?? '{}') as { payload?: unknown }).payload,
})

/** Types of entries that answer a call; a step's failure does so only if it is final. */
const ANSWERS: readonly string[] = [
  'step.completed',
  'step.failed',
  'execution.resumed',
  'state.read',
  'state.changed',
  'state.refused',
  'signal.taken',
  'signal.expired',
  'child.returned',
]

interface Answered {
  ordinal: number
  final?: boolean
  status?: string
}

const answered = ({ type, data }: Entry): Answered | null => {
  if (!ANSWERS.includes(type)) return null
  const call = JSON.parse(data) as Answered
  return type === 'step.failed' && !call.final ? null : call
}

/** The last answer before the first that stopped it: a step or a child that failed, or a cancel. */
function beforeItFailed(entries: readonly Entry[]): number {
  let last = (entries[0] as Entry).seq
  for (const entry of entries) {
    const call = answered(entry)
    const failed = entry.type === 'step.failed' || (entry.type === 'child.returned' && call?.status !== 'completed')
    if (call && failed) return last
    if (entry.type === 'execution.cancelling') return last
    if (call) last = entry.seq
  }
  return last
}

function answerTo(entries: readonly Entry[], ordinal: number): number {
  const entry = entries.find((each) => answered(each)?.ordinal === ordinal)
  if (!entry) throw new ProblemError('fork_point_unknown', `No call ${ordinal} of it was answered.`)
  return entry.seq
}
