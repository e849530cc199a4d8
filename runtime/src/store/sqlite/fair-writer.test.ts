// What waits for the writer is bounded. A tenant that has filled the bound is refused, and another still gets in (G15).

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { StoreBusy } from '../error.ts'
import { Subject } from '../testing/subject.ts'
import { openInScratch } from './testing/scratch.ts'

const NEW_MAX = 20

const open = () => Subject.open((clock) => openInScratch({ clock, newWaitingMax: NEW_MAX, waitingMax: 1_000 }))

/** How many of these are taken and how many refused; all are asked in one turn, so that they wait for each other. */
async function outcomes(asked: Promise<unknown>[]): Promise<{ taken: number; busy: number }> {
  const settled = await Promise.allSettled(asked)
  const refused = settled.filter((each) => each.status === 'rejected')
  for (const { reason } of refused) assert.ok(reason instanceof StoreBusy, String(reason))
  return { taken: settled.length - refused.length, busy: refused.length }
}

test('of one tenant alone as much new work waits as there may, and what was accepted goes on', async () => {
  await using subject = await open()
  const session = await subject.session()
  const accept = () => subject.store.acceptIntent(subject.acceptCommand(session))
  assert.deepEqual(await outcomes(Array.from({ length: 30 }, accept)), { taken: NEW_MAX, busy: 10 })
  const { execution } = subject.acceptCommand(session)
  await subject.store.acceptIntent({ ...subject.acceptCommand(session), execution })
  const record = () => subject.store.record(subject.recordCommand(execution))
  assert.deepEqual(await outcomes(Array.from({ length: 30 }, record)), { taken: 30, busy: 0 })
})

test('a tenant whose commands fill the bound does not keep another’s new work out', async () => {
  await using subject = await open()
  const [noisy, calm] = [await subject.session('noisy'), await subject.session('calm')]
  const accept = (session: typeof noisy, tenant: string) =>
    subject.store.acceptIntent(subject.acceptCommand(session, {}, tenant))
  const first = outcomes(Array.from({ length: 100 }, () => accept(noisy, 'noisy')))
  const second = outcomes(Array.from({ length: 15 }, () => accept(calm, 'calm')))
  const third = outcomes([accept(noisy, 'noisy')])
  assert.deepEqual(await first, { taken: NEW_MAX, busy: 80 })
  assert.deepEqual(await second, { taken: NEW_MAX / 2, busy: 5 }, 'its equal part')
  assert.deepEqual(await third, { taken: 0, busy: 1 })
})
