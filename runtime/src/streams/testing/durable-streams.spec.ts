// The public suite of the protocol, run by vitest in a process of its own (run-suite.ts). Its tests mostly wait, so they run beside each
// other; they name their streams by the time, so each look at the clock must differ.

import { runConformanceTests } from '@durable-streams/server-conformance-tests'

const clock = Date.now.bind(Date)
let last_ms = 0
Date.now = () => (last_ms = Math.max(last_ms + 1, clock()))

runConformanceTests({ baseUrl: process.env['SUITE_URL'] ?? '' })
