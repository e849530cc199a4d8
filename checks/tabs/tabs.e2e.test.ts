// Tabs of one browser share one line, and one that is killed with it leaves nothing behind: the locks are the platform's, and the next
// tab takes over from the place where each of them is.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Worker } from 'node:worker_threads'

import { createClient } from '@biplane/client'
import { type RuntimeProcess, TRIAL_REALM, startRuntime, until } from '@biplane/client/testing'

import type { FromTab, TabData } from './tab.ts'

let runtime: RuntimeProcess
before(async () => (runtime = await startRuntime(TRIAL_REALM)))
after(() => runtime[Symbol.asyncDispose]())

class Tab {
  readonly seqs: number[] = []
  opened = 0
  isClosed = false
  readonly worker: Worker

  constructor(workerData: TabData) {
    this.worker = new Worker(new URL('tab.ts', import.meta.url), { workerData })
    this.worker.on('message', (message: FromTab) => {
      if ('seq' in message) this.seqs.push(message.seq)
      else if ('opened' in message) this.opened = message.opened
      else this.isClosed = true
    })
  }
}

test('the tab that has the line is killed, and the others miss nothing and repeat nothing', async () => {
  const url = `${runtime.url}/api`
  const client = createClient({ url, tenantId: 'acme' })
  const { session_id: sessionId } = await client.createSession()
  const count = (to: number) => client.submit({ type: 'trial_bench.count', sessionId, payload: { to } })
  const tabs = Array.from({ length: 3 }, () => new Tab({ url, sessionId }))
  const isLeader = ({ opened }: Tab) => opened > 0
  await until('all to have begun', () => tabs.every(({ seqs }) => seqs.length > 0) && tabs.some(isLeader))

  const leader = tabs.find(isLeader) ?? assert.fail('nobody leads')
  assert.equal(tabs.filter(isLeader).length, 1, 'one has the line')
  const { execution_id } = await count(100)
  await until('what it hears', () => leader.seqs.length > 30)
  await leader.worker.terminate()
  tabs.splice(tabs.indexOf(leader), 1)
  await until('another to lead', () => tabs.some(isLeader))
  await client.result(execution_id)
  await client.closeSession(sessionId)
  await until('the end', () => tabs.every(({ isClosed }) => isClosed))
  const log = await Array.fromAsync(client.follow(sessionId), ({ event }) => event.seq)
  for (const { seqs } of tabs) assert.deepEqual(seqs, log)
})
