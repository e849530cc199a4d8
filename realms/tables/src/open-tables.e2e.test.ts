import assert from 'node:assert/strict'
import { test } from 'node:test'

import { openTables } from './open-tables.ts'
import { openScratch } from './scratch.ts'

const FOREVER = 'SELECT count(*) AS n FROM range(1000000000) a, range(1000000000) b'

test('a question whose process dies is refused with advice; work is left to be tried again', async (t) => {
  await using scratch = await openScratch()
  const tables = openTables()
  t.after(() => tables.close())
  const job = {
    kind: 'run',
    scratch: scratch.path,
    inputs: {},
    views: [],
    says: 'Working',
    queries: [{ name: 'q', sql: FOREVER }],
  } as const
  const run = (question: boolean) =>
    tables.run(
      { ...job, views: [], queries: [...job.queries] },
      {
        signal: new AbortController().signal,
        progress: () => tables.pids.forEach((pid) => process.kill(pid, 'SIGKILL')),
        question,
      },
    )
  await assert.rejects(run(true), { name: 'TerminalError', code: 'tables.child_ended', advice: 'Ask again.' })
  await assert.rejects(run(false), { name: 'RetryableError', code: 'tables.child_ended' })
})
