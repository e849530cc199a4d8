// The child process in which DuckDB runs and files are split. It does one job at a time and ends when its channel closes:
// if the runtime is gone, nobody waits for what it does, so it removes its files and leaves.

import { rmSync } from 'node:fs'

import type { Progress } from '@biplane/protocol'

import { perform } from '../jobs/perform.ts'
import { toJobError } from './job-error.ts'
import type { FromChild, ToChild } from './message.ts'

/** Progress goes out at most so often. */
const PROGRESS_MS = 100

let current: { id: number; scratch: string; abort: AbortController } | null = null

process.on('message', (message: ToChild) => {
  if (message.type === 'abort') {
    if (current?.id === message.id) current.abort.abort()
  } else void work(message)
})
process.on('disconnect', () => {
  try {
    if (current !== null) rmSync(current.scratch, { recursive: true, force: true })
  } finally {
    // An orderly exit would wait for the threads of a query that runs. What they write meanwhile is swept by the next start.
    process.kill(process.pid, 'SIGKILL')
  }
})
// Ctrl-C reaches the whole group. Whoever started this process decides when it ends.
process.on('SIGINT', () => {})

async function work({ id, job }: Extract<ToChild, { type: 'job' }>): Promise<void> {
  const abort = new AbortController()
  current = { id, scratch: job.scratch, abort }
  try {
    const result = await perform(job, { signal: abort.signal, progress: throttled(id) })
    send({ type: 'done', id, result, rssBytes: process.memoryUsage.rss() })
  } catch (error) {
    send({ type: 'failed', id, error: toJobError(error), rssBytes: process.memoryUsage.rss() })
  } finally {
    current = null
  }
}

function throttled(id: number): (progress: Progress) => void {
  let next = 0
  return (progress) => {
    if (performance.now() < next) return
    next = performance.now() + PROGRESS_MS
    send({ type: 'progress', id, progress })
  }
}

function send(message: FromChild): void {
  if (process.connected) process.send!(message)
}
