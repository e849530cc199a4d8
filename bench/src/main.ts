// `npm run bench` measures executions, `npm run bench -- --streams` the ways of events. docs/benchmarks.md says what the figures
// mean and what they leave out.

import { parseArgs } from 'node:util'

import { benchExecutions } from './executions.ts'
import { benchStreams } from './streams/streams.ts'

const { values } = parseArgs({
  options: {
    streams: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    'in-flight': { type: 'string', default: '1,64,256' },
    readers: { type: 'string', default: '100,10000' },
    events: { type: 'string', default: '1000000' },
  },
})
const numbers = (text: string) => text.split(',').map(Number)
const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)]

if (values.streams) {
  await benchStreams({ seconds, rounds, readers: numbers(values.readers), events: Number(values.events) })
} else if (!(await benchExecutions({ seconds, rounds, inFlight: numbers(values['in-flight']) }))) process.exitCode = 1
