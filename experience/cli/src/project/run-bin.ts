// Runs the program of another package of ours, which alone may read its configuration. Its output is this program's, and so is
// Ctrl-C.

import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { EXIT } from '../exit-code.ts'
import { findBin } from './find-bin.ts'

/** Answers its exit code. @throws CannotRun if it is not installed */
export async function runBin([packageName, bin]: [string, string], ...args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [findBin(packageName, bin), ...args], { stdio: 'inherit' })
  // The terminal sends it to both; a supervisor to this one alone. The child says when it is over.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return code ?? (signal === 'SIGINT' ? EXIT.interrupted : EXIT.failed)
}

export const runRuntime = (...args: readonly string[]): Promise<number> =>
  runBin(['@biplane/runtime', 'biplane-runtime'], ...args)
