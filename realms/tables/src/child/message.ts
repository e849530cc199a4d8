// What crosses between the runtime's process and a child. One job at a time; its number tells late messages apart.

import type { Progress } from '@biplane/protocol'

import type { Job } from '../jobs/job.ts'

export type ToChild = { type: 'job'; id: number; job: Job } | { type: 'abort'; id: number }

export type FromChild =
  | { type: 'progress'; id: number; progress: Progress }
  | { type: 'done'; id: number; result: unknown; rssBytes: number }
  | { type: 'failed'; id: number; error: JobError; rssBytes: number }

/** An error as it crosses. `terminal`: trying again gives the same. */
export interface JobError {
  code: string
  message: string
  advice?: string
  terminal: boolean
}
