// Plays a scenario again and again, each time with a process that dies at another moment: just before each commit, and just after it.

import type { Realm } from '@biplane/realm'
import type { NewEntry } from '@biplane/runtime/store-port'

import type { Fate, Write } from './mortal-store.ts'
import type { VirtualOptions } from './options.ts'
import { type VirtualRuntime, startedWith } from './virtual-runtime.ts'

/** Twice as many plays follow. */
const COMMITS_MAX = 2_000

type Scenario = (runtime: VirtualRuntime) => Promise<void>

interface CrashPoint {
  /** 1 for the first. */
  commit: number
  when: 'before' | 'after'
}

/**
 * Plays the scenario once as it is, then once with a crash before and once with a crash after each commit that it made. It must not
 * remember anything from one play to the next.
 * @throws Error naming the crash over which the scenario failed, with what it failed with as its cause
 */
export async function crashEverywhere(
  realms: readonly Realm[],
  scenario: Scenario,
  options: VirtualOptions = {},
): Promise<void> {
  const commits = await play(realms, scenario, options, null)
  if (commits.length > COMMITS_MAX) {
    throw new Error(`The scenario makes ${commits.length} commits, more than ${COMMITS_MAX}: play a shorter one.`)
  }
  for (const [index, what] of commits.entries()) {
    for (const when of ['before', 'after'] as const) {
      try {
        await play(realms, scenario, options, { commit: index + 1, when })
      } catch (cause) {
        const place = `${when} commit ${index + 1} of ${commits.length} (${what})`
        throw new Error(`A crash ${place} changes the outcome: ${messageOf(cause)}`, { cause })
      }
    }
  }
}

/** Answers what was committed. */
async function play(
  realms: readonly Realm[],
  scenario: Scenario,
  options: VirtualOptions,
  crash: CrashPoint | null,
): Promise<string[]> {
  const commits: string[] = []
  const fateOf = (write: Write, entries: readonly NewEntry[]): Fate => {
    commits.push(nameOf(write, entries))
    if (crash?.commit !== commits.length) return 'lives'
    return crash.when === 'before' ? 'dies_before' : 'dies_after'
  }
  await using runtime = await startedWith(realms, options, fateOf)
  await scenario(runtime)
  return commits
}

/** Such as `step.completed charge`. */
function nameOf(write: Write, entries: readonly NewEntry[]): string {
  const names = entries.map(({ type, data }) => {
    const { name } = JSON.parse(data) as { name?: unknown }
    return typeof name === 'string' ? `${type} ${name}` : type
  })
  return names.join(', ') || write
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
