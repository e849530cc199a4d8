// Carries out many commands in one transaction, so that one fsync pays for all of them. A command decides before it writes, so
// only an error of SQL can leave one half done. That is rare, and then the whole transaction is rolled back and each command
// gets one of its own: cheaper than a savepoint for each, and nothing was answered yet.

import { Fenced } from '../error.ts'
import type { SessionHead } from '../port.ts'
import { isBusy, isFatal, isFull } from './sqlite-error.ts'
import type { WriteDb } from './write-db.ts'
import { WRITES, type WriteRequest } from './writes.ts'

export type WriteAnswer =
  | {
      result: unknown
      /** Where the entries of the command are, and what its session has become; null if it appended none. */
      appended: { pos: number; seq: number; tenant_seq: number; status: SessionHead['status'] } | null
    }
  | { refused: 'fenced' | 'full' | 'busy' | 'failed'; message: string }

/** An answer for each command, in order. @throws what `isFatal` */
export function commitGroup(db: WriteDb, requests: readonly WriteRequest[]): WriteAnswer[] {
  try {
    return db.transaction(() => requests.map((request) => carryOut(db, request)))
  } catch (error) {
    if (isFatal(error)) throw error
    const refusal = refusalOf(error)
    if (requests.length === 1 || refusal.refused === 'full' || refusal.refused === 'busy')
      return requests.map(() => refusal)
    return requests.flatMap((request) => commitGroup(db, [request]))
  }
}

function carryOut(db: WriteDb, { verb, command }: WriteRequest): WriteAnswer {
  // The verb and the command are of one request, which the compiler cannot follow through the table.
  const result = WRITES[verb](db, command as never)
  const appended = db.takeAppended()
  if (!appended) return { result, appended }
  const { pos, seq, tenant_seq, head } = appended
  return { result, appended: { pos, seq, tenant_seq, status: head.status } }
}

function refusalOf(error: unknown): Extract<WriteAnswer, { refused: string }> {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof Fenced) return { refused: 'fenced', message }
  if (isFull(error)) return { refused: 'full', message }
  return { refused: isBusy(error) ? 'busy' : 'failed', message }
}
