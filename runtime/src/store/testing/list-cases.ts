import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { ExecutionFilter, ExecutionRow, PageOf } from '../port.ts'
import { type Name, type OpenSubject, PAGE, type Subject, TENANT } from './subject.ts'

const LIMITS = [1, 2, 3, 4, PAGE]

/** All items, page by page. */
async function collect<T>(limit: number, page: (after: string | null) => Promise<PageOf<T>>): Promise<T[]> {
  const items: T[] = []
  let after: string | null = null
  do {
    const found: PageOf<T> = await page(after)
    assert.ok(found.items.length <= limit)
    items.push(...found.items)
    after = found.next
  } while (after !== null)
  return items
}

export function listCases(open: OpenSubject): void {
  test('sessions of a tenant are listed newest first, each once, in pages of any size', async () => {
    await using subject = await open()
    const made = []
    for (let i = 0; i < 4; i++) made.unshift(await subject.session())
    await subject.session('other')
    for (const limit of LIMITS) {
      const rows = await collect(limit, (after) => subject.store.listSessions(TENANT, after, limit))
      assert.deepEqual(
        rows.map(({ session_id }) => session_id),
        made,
      )
    }
  })

  test('executions are listed newest first, filtered by session, status and type, in pages of any size', async () => {
    await using subject = await open()
    const [one, two] = [await subject.session(), await subject.session()]
    const commands = [one, two, one, two, one].map((session, i) => {
      const command = subject.acceptCommand(session)
      if (i > 2) command.execution.intent_type = 'content.parse'
      return command
    })
    for (const command of commands) await subject.store.acceptIntent(command)
    const [a, b, c, d, e] = commands.map(({ execution }): Name => execution) as [Name, Name, Name, Name, Name]
    await subject.end(a)
    await subject.end(d, 'failed')
    await subject.record(b)
    const expectations: [Omit<ExecutionFilter, 'tenant_id'>, Name[]][] = [
      [{}, [e, d, c, b, a]],
      [{ session_id: one }, [e, c, a]],
      [{ status: 'accepted' }, [e, c]],
      [{ status: 'completed' }, [a]],
      [{ session_id: two, status: 'running' }, [b]],
      [{ intent_type: 'content.parse' }, [e, d]],
      [{ intent_type: 'content.parse', session_id: two, status: 'failed' }, [d]],
      [{ status: 'parked' }, []],
    ]
    for (const [filter, expected] of expectations) {
      for (const limit of LIMITS) {
        const found = await collect(limit, (after) =>
          subject.store.listExecutions({ tenant_id: TENANT, ...filter }, after, limit),
        )
        assert.deepEqual(idsOf(found), idsOf(expected), JSON.stringify(filter))
      }
    }
  })

  test('unfinished executions of all tenants are listed oldest first', async () => {
    await using subject = await open()
    const executions = await unfinishedOfTwoTenants(subject)
    await subject.end(executions[1] as Name)
    for (const limit of LIMITS) {
      const found = await collect(limit, (after) => subject.store.listUnfinished(after, limit))
      assert.deepEqual(idsOf(found), idsOf([executions[0], executions[2], executions[3]] as Name[]))
    }
  })

  test('what began since a moment is listed by its beginning, ended or not, if it has a lane to count in', async () => {
    await using subject = await open()
    const session = await subject.session()
    const began = subject.clock.now_ms
    const accept = async (changes: Partial<ExecutionRow>) => {
      const command = subject.acceptCommand(session)
      const execution = { ...command.execution, ...changes }
      await subject.store.acceptIntent({ ...command, execution })
      return execution
    }
    const lane = { rate_lane: 'content.upload a' }
    const late = await accept({})
    const atOnce = await accept({ ...lane, status: 'running', began_ms: began + 5 })
    await accept({ status: 'running', began_ms: began + 5 })
    await accept({ ...lane, status: 'running', began_ms: began + 5, intent_type: 'content.parse' })
    await accept({ ...lane, status: 'running', began_ms: began - 1 })
    const early = await accept({ rate_lane: 'content.upload b', status: 'running', began_ms: began })
    await subject.record(late, { status: 'running', begins: { ...lane, began_ms: began + 5 } })
    await subject.end(late)
    const expected = [
      { execution_id: early.execution_id, rate_lane: 'content.upload b', began_ms: began },
      { execution_id: late.execution_id, ...lane, began_ms: began + 5 },
      { execution_id: atOnce.execution_id, ...lane, began_ms: began + 5 },
    ]
    for (const limit of LIMITS) {
      const found = await collect(limit, (after) => subject.store.listBegun('content.upload', began, after, limit))
      assert.deepEqual(found, expected)
    }
    assert.equal((await subject.store.getExecution(TENANT, late.execution_id))?.began_ms, began + 5)
  })
}

async function unfinishedOfTwoTenants(subject: Subject): Promise<Name[]> {
  const executions: Name[] = []
  for (const tenant of [TENANT, 'other', TENANT, 'other']) {
    executions.push(await subject.execution(await subject.session(tenant), tenant))
  }
  return executions
}

const idsOf = (rows: readonly Pick<Name, 'execution_id'>[]): string[] => rows.map(({ execution_id }) => execution_id)
