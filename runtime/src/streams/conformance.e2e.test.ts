// The public conformance suite of Durable Streams over the runtime's own reader: all of it with streams in memory, and what reads once
// more with streams in the logs of sessions, in a store on a disk.

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'

import { startFixture } from './testing/fixture/server.ts'
import { LEFT_OUT } from './testing/left-out.ts'
import { type SuiteRun, runSuite } from './testing/run-suite.ts'

/** The suite may grow; a run that found hardly any of it proves nothing. */
const TESTS_MIN = 338
/** Of these the logs have no part: they are the fixture's own. */
const OF_WRITING = /TTL|Fork|Idempotent|Reserved/
const READING = new RegExp(`^(?!.*(${OF_WRITING.source}))`)
const READING_TESTS_MIN = 180

test('the public suite passes over streams in memory, but for what is left out with a reason', async (t) => {
  await using fixture = await startFixture('in memory')
  const run = await runSuite(fixture.url)
  const names = new Set(run.outcomes.map(({ name }) => name))
  assert.ok(names.size >= TESTS_MIN, `${names.size} tests were found`)
  assert.deepEqual(
    Object.keys(LEFT_OUT).filter((name) => !names.has(name)),
    [],
    'left-out.ts names only tests that there are',
  )
  const notPassed = run.outcomes.filter(({ status }) => status !== 'passed')
  tellCounts(t, run, `${notPassed.length} left out`)
  for (const { name, status, why } of notPassed) assert.ok(name in LEFT_OUT, `${name} (${status}): ${why}`)
  assert.deepEqual(new Set(notPassed.map(({ name }) => name)), new Set(Object.keys(LEFT_OUT)), 'left out, yet passed')
})

test('its tests that read pass over the logs of sessions as well', async (t) => {
  await using fixture = await startFixture('in logs')
  const run = await runSuite(fixture.url, READING)
  const outcomes = run.outcomes.filter(({ name }) => READING.test(name))
  tellCounts(t, { ...run, outcomes }, 'in logs')
  for (const { name, status, why } of outcomes) assert.equal(status, 'passed', `${name}: ${why}`)
  assert.ok(outcomes.length >= READING_TESTS_MIN, `${outcomes.length} tests read`)
})

function tellCounts(t: TestContext, { outcomes, again }: SuiteRun, rest: string): void {
  const passed = outcomes.filter(({ status }) => status === 'passed').length
  const twice = again.length === 0 ? '' : `, ${again.length} of them when run again`
  t.diagnostic(`durable-streams conformance: ${passed} of ${outcomes.length} passed${twice}; ${rest}`)
}
