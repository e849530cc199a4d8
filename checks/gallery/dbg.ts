import assert from 'node:assert/strict'
import { crashEverywhere } from '@biplane/realm-testing'
import { race } from './programs/race.ts'
import { warehouse } from './programs/children.ts'
import { trip } from './programs/trip.ts'
import { refund } from './programs/refund.ts'
import { tenSteps } from './programs/ten-steps.ts'
import { World } from './world.ts'
const t = async (name: string, f: () => Promise<void>) => { const b = performance.now(); try { await f(); console.log('ok', name, (performance.now()-b).toFixed(0)) } catch (e) { console.log('FAIL', name, (e as Error).message, (e as any).cause?.stack?.slice(0,600)) } }
await t('race signal', () => crashEverywhere([race()], async (runtime) => {
  const h = await runtime.submit('race.run', { until_ms: runtime.now() + 3600000 })
  await h.signal('now', null, { id: 's1' })
  await runtime.advance('1s')
  await h.signal('end', null, { id: 's2' })
  const began = runtime.now()
  assert.equal(await h.result(), 'signal')
  assert.ok(runtime.now() - began < 60000, 'it took ' + (runtime.now() - began))
}))
await t('race timer', () => crashEverywhere([race()], async (runtime) => {
  const h = await runtime.submit('race.run', { until_ms: runtime.now() + 300 })
  await runtime.advance('1s')
  await h.signal('now', null, { id: 's1' })
  await h.signal('end', null, { id: 's2' })
  assert.equal(await h.result(), 'timer')
}))
for (const kind of ['all', 'by_hand']) {
  const w = new World()
  await t('pack ' + kind, () => crashEverywhere([warehouse(w)], async (runtime) => {
    const h = await runtime.submit('warehouse.pack_' + kind, { orders: 6 })
    assert.deepEqual((await h.result() as number[]).toSorted(), [0,1,2,3,4,5])
    const began = runtime.now()
    const called = (await runtime.events()).filter(({ type }) => type === 'child.called').length
    assert.equal(called, 6)
    assert.ok(runtime.now() - began < 1000)
  }, { patienceMs: 10 }))
}
{
  const w = new World()
  await t('refund', () => crashEverywhere([refund(w)], async (runtime) => {
    const h = await runtime.submit('refund.pay', { within_ms: 86400000 })
    await h.approve('refund', { reason: 'x' })
    assert.deepEqual(await h.result(), { reason: 'x' })
    assert.ok(runtime.now() - Date.UTC(2026,0,1) < 60000, 'it took ' + (runtime.now() - Date.UTC(2026,0,1)))
  }, { patienceMs: 10 }))
}
{
  const w = new World()
  await t('ten', () => crashEverywhere([tenSteps(w)], async (runtime) => {
    const h = await runtime.submit('ten.steps', { saga: 'a', fails_at: 10 })
    const e = await h.end()
    assert.deepEqual([e.status, e.compensated], ['failed', true])
  }, { patienceMs: 10 }))
}
{
  const w = new World()
  await t('trip', () => crashEverywhere([trip(w)], async (runtime) => {
    const h = await runtime.submit('trip.book', null)
    await h.result()
    const f = await h.fork({ through: 0 })
    await f.result()
  }, { patienceMs: 10 }))
}
