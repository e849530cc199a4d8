import { startedWith } from '../../realm/testing/src/virtual-runtime.ts'
import { warehouse } from './programs/children.ts'
import { World } from './world.ts'
const w = new World()
let n = 0
let last: any = null
const runtime = await startedWith([warehouse(w)], { patienceMs: 10 }, (write: any, entries: any) => { n++; if (n > 22 && n < 60) console.log(n, write, entries.map((e: any) => e.type + ' ' + e.execution_id?.slice(-4)).join(',')); return n === 22 ? 'dies_before' : 'lives' })
const h = await runtime.submit('warehouse.pack_by_hand', { orders: 6 })
try { console.log(await h.result()) } catch (e) { console.log((e as Error).message) }
for (const e of (await (runtime as any).events().catch(() => []))) console.log(e.seq, e.type, e.subject?.slice(-4), JSON.stringify(e.data).slice(0, 100))
