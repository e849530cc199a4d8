import { CHECKERS } from './checks/checkers.ts'
import { lanesOf } from './lanes.ts'
import { runsOf } from './evidence.ts'
import { simulate } from './simulate.ts'
import { STORES } from './stores.ts'
let queued = 0, waited = 0, waitedQueue = 0
CHECKERS['count'] = (e) => {
  for (const lane of lanesOf(e)) {
    const q = lane.members.filter((m) => m.started && !m.atOnce && m.started.time_ms > m.accepted.time_ms)
    queued += q.length
    for (const m of lane.members) {
      const turns = e.outside.turns.get(m.log.row.execution_id) ?? []
      for (const b of runsOf(m.log, e.outside.bodies)) {
        const asked = turns.findLast(({ order }) => order < b.began.order)
        if (b.attempt > 1 || !asked || b.began.time_ms <= asked.time_ms) continue
        waited++
        if (q.some((x) => x.accepted.time_ms < b.began.time_ms && x.started!.time_ms > asked.time_ms)) waitedQueue++
      }
    }
  }
  return []
}
for (let s = 1; s <= 100; s++) await simulate(s, STORES.memory)
console.log({ queued, waited, waitedQueue })
