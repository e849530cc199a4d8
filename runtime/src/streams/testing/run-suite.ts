// Runs the public suite against an address, and tells what became of each of its tests. Some of them give an answer two seconds; on a
// machine that is busy with the others it may come too late, so what has failed is run once more, a few at a time.

import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import type { SuiteAsk } from './suite-process.ts'

const SUITE_MS_MAX = 120_000
/** The tests mostly wait, but some of them not longer than two seconds. */
const TESTS_AT_ONCE = 12
const AGAIN_AT_ONCE = 3

export interface Outcome {
  name: string
  status: 'passed' | 'failed' | 'skipped'
  /** Why it failed. */
  why: string
}

export interface SuiteRun {
  outcomes: Outcome[]
  /** Names of those that were run twice. */
  again: string[]
}

/** `names`: the tests to run; the others are skipped. */
export async function runSuite(url: string, names = /(?:)/): Promise<SuiteRun> {
  const first = await runOnce({ url, names: names.source, atOnce: TESTS_AT_ONCE })
  const again = first.filter(({ status }) => status === 'failed').map(({ name }) => name)
  if (again.length === 0) return { outcomes: first, again }
  const second = await runOnce({ url, names: `^(${again.map(escaped).join('|')})$`, atOnce: AGAIN_AT_ONCE })
  const outcomes = first.map((outcome) =>
    again.includes(outcome.name) ? (second.find(({ name }) => name === outcome.name) ?? outcome) : outcome,
  )
  return { outcomes, again }
}

const escaped = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

async function runOnce(ask: Omit<SuiteAsk, 'folder' | 'report'>): Promise<Outcome[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'biplane-suite-'))
  try {
    const report = join(scratch, 'report.json')
    const whole: SuiteAsk = { ...ask, folder: import.meta.dirname, report }
    const program = [join(import.meta.dirname, 'suite-process.ts'), JSON.stringify(whole)]
    // It ends with an error if a test has failed, which the report tells better.
    const ended = await promisify(execFile)(process.execPath, program, { timeout: SUITE_MS_MAX }).catch(
      (error: unknown) => error as { stderr: string },
    )
    const text = await readFile(report, 'utf8').catch(() => {
      throw new Error(`The suite did not run: ${ended.stderr}`)
    })
    return outcomesIn(JSON.parse(text) as Report)
  } finally {
    await rm(scratch, { recursive: true })
  }
}

interface Report {
  testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] | null }[] }[]
}

const outcomesIn = ({ testResults }: Report): Outcome[] =>
  testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ fullName, status, failureMessages }) => ({
      name: fullName,
      status: status === 'passed' || status === 'failed' ? status : 'skipped',
      why: failureMessages?.join('\n') ?? '',
    })),
  )
