// Why an execution left memory without having ended.

import type { ExecutionId } from '@biplane/protocol'

import { Fenced, StoreClosed } from '../store/error.ts'
import { AlreadyEnded } from './journal.ts'
import type { Log } from './ports.ts'

export function logFault(log: Log, execution_id: ExecutionId, error: unknown): void {
  const about = { execution_id, error: String(error) }
  if (error instanceof Fenced || error instanceof StoreClosed || error instanceof AlreadyEnded) {
    log.info(about, 'an execution is no longer this process’s to run')
    return
  }
  log.error({ ...about, stack: (error as Error).stack }, 'an execution stopped on an internal error')
}
