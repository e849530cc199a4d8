// The children that do jobs on tables, as the rest of this package sees them.

import type { Progress } from '@biplane/protocol'
import { RetryableError, TerminalError } from '@biplane/realm'

import { Pool } from './child/pool.ts'
import type { Job, ResultOf } from './jobs/job.ts'
import { sweepScratch } from './scratch.ts'

/** Work (landing, typing, joining) and questions have children of their own, so that a page never waits for a large file. */
const WORK = { children: 2, queueMax: 200, jobMsMax: 60 * 60_000 }
const QUESTIONS = { children: 2, queueMax: 200, jobMsMax: 60_000 }

export interface RunOptions {
  signal: AbortSignal
  progress?: (progress: Progress) => void
  /** True for what a person waits for. */
  question?: boolean
}

export interface Tables {
  /**
   * @throws TerminalError, or RetryableError unless it is a question, whose code begins with `tables.` or is the job's own; the
   * signal's reason
   */
  run<J extends Job>(job: J, options: RunOptions): Promise<ResultOf<J>>
  /** Process ids of the children. */
  readonly pids: number[]
  /** Kills the children. What they were doing fails. */
  close(): void
}

export function openTables(): Tables {
  const work = new Pool(WORK)
  const questions = new Pool(QUESTIONS)
  let swept: Promise<number> | null = null
  return {
    async run(job, { signal, progress = () => {}, question = false }) {
      await (swept ??= sweepScratch())
      if (!question) return work.run(job, { signal, progress })
      return questions.run(job, { signal, progress }).catch(refuse)
    },
    get pids() {
      return [...work.pids, ...questions.pids]
    },
    close() {
      work.close()
      questions.close()
    },
  }
}

/** Nobody asks a question a second time for the asker, so what may be tried again is told to them. */
function refuse(error: unknown): never {
  if (!(error instanceof RetryableError)) throw error
  throw new TerminalError(error.code, error.message, { advice: error.advice ?? 'Ask again.', cause: error })
}

let opened: Tables | null = null

/** The one pool of this process, which all realms share. Its children begin with the first job and never hold the process up. */
export const tables = (): Tables => (opened ??= openTables())
