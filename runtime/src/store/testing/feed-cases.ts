import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { SessionId, TenantId } from '@biplane/protocol'

import type { Entry, Store } from '../port.ts'
import { type OpenSubject, PAGE, type Subject, TENANT } from './subject.ts'

const OTHER = 'other'
const STEPS = 10

export function feedCases(open: OpenSubject): void {
  test('all entries of a tenant are read in the order of commits, from any count and in pieces of any size, and nothing else', async () => {
    await using subject = await open()
    const mine = [await subject.session(), await subject.session()]
    const theirs = await subject.session(OTHER)
    await Promise.all([...mine, theirs, ...mine].map((session) => run(subject, session)))
    const logs = await Promise.all(mine.map((session) => subject.store.readSession(session, 0, PAGE)))
    const expected = logs.flat().toSorted((a, b) => a.pos - b.pos)
    for (const limit of [1, 7, expected.length, PAGE]) {
      assert.deepEqual(await readFeed(subject.store, TENANT, limit), expected)
    }
    assert.equal(await subject.store.tenantHead(TENANT), expected.length)
    assert.equal((await readFeed(subject.store, OTHER, 3)).length, STEPS + 3)
    assert.deepEqual([await subject.store.tenantHead('nobody'), await readFeed(subject.store, 'nobody', 1)], [0, []])
  })

  test('whoever follows a tenant while many write to it sees each entry once, and hears of each', async () => {
    await using subject = await open()
    const sessions = [await subject.session(), await subject.session()]
    let wake = () => {}
    subject.store.onAppend((_session, _seq, tenant) => {
      if (tenant === TENANT) wake()
    })
    const all = 2 + 8 * (STEPS + 2)
    const follow = async (): Promise<Entry[]> => {
      const seen: Entry[] = []
      while (seen.length < all) {
        const woken = new Promise<void>((resolve) => (wake = resolve))
        const { entries } = await subject.store.readTenant(TENANT, seen.length, 5)
        seen.push(...entries)
        if (entries.length === 0) await woken
      }
      return seen
    }
    const following = follow()
    await Promise.all(Array.from({ length: 8 }, (_, i) => run(subject, sessions[i % 2] as SessionId)))
    const places = (await following).map(({ pos }) => pos)
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    )
    assert.equal(new Set(places).size, all)
  })
}

async function readFeed(store: Store, tenant: TenantId, limit: number): Promise<Entry[]> {
  const all: Entry[] = []
  for (;;) {
    const { entries: piece } = await store.readTenant(tenant, all.length, limit)
    assert.ok(piece.length <= limit)
    if (piece.length === 0) return all
    all.push(...piece)
  }
}

/** An execution of STEPS steps, in the session's own tenant. */
async function run(subject: Subject, session: SessionId): Promise<void> {
  const head = await subject.store.sessionHead(session)
  const execution = await subject.execution(session, head?.tenant_id)
  for (let i = 0; i < STEPS; i++) await subject.record(execution)
  await subject.end(execution)
}
