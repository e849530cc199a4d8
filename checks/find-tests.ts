// Which tests there are. Two kinds, told apart by their names (CONTRIBUTING.md):
// `name.test.ts` is quick and starts no plane; `name.e2e.test.ts` starts the planes as processes, or a browser.

import { ROOT, isProcessTest, isTest, listFiles } from './repository.ts'

/** No test may take longer: one that hangs is stopped and fails. */
const TEST_MAX_MS = 180_000
/** Tests of processes often wait for them or for the disk: with one more than there are cores, two of them stay busy. */
const CONCURRENCY = 3

/**
 * Tests below any of the paths; all of them if none is given.
 * @throws Error if a path has no test: nothing that was asked for may pass by being absent
 */
export function findTests(kind: 'quick' | 'all', paths: readonly string[] = []): string[] {
  const tests = listFiles(ROOT).filter((file) => isTest(file) && (kind === 'all' || !isProcessTest(file)))
  const below = (path: string) => tests.filter((file) => file.startsWith(path.replace(/^\.\//, '')))
  const empty = (paths.length === 0 ? [''] : paths).find((path) => below(path).length === 0)
  if (empty !== undefined) throw new Error(`There is no test at "${empty}".`)
  return paths.length === 0 ? tests : [...new Set(paths.flatMap(below))]
}

/** Arguments for node that run these tests. */
export const nodeTest = (tests: readonly string[]): string[] => [
  '--test',
  `--test-concurrency=${CONCURRENCY}`,
  `--test-timeout=${TEST_MAX_MS}`,
  ...tests,
]
