// The process that runs the public suite. Its first argument is a SuiteAsk in JSON.

import { startVitest } from 'vitest/node'

const TEST_MS_MAX = 30_000

export interface SuiteAsk {
  /** Where the streams are. */
  url: string
  /** The folder of the suite's file. */
  folder: string
  /** Where the report goes. */
  report: string
  /** The source of an expression for the names of its tests. */
  names: string
  /** How many tests run beside each other. */
  atOnce: number
}

const { url, folder, report, names, atOnce } = JSON.parse(process.argv[2] ?? '') as SuiteAsk
process.env['SUITE_URL'] = url
const vitest = await startVitest('test', ['durable-streams.spec.ts'], {
  root: folder,
  config: false,
  watch: false,
  cache: false,
  reporters: ['json'],
  outputFile: report,
  sequence: { concurrent: true },
  maxConcurrency: atOnce,
  testTimeout: TEST_MS_MAX,
  testNamePattern: new RegExp(names),
})
await vitest.close()
