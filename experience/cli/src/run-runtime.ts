// Runs the runtime's own program, which alone may read runtime.config.ts and the runtime's data. Its output is this program's.

import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { EXIT } from './exit-code.ts'
import { findBin } from './find-bin.ts'

/** Answers its exit code. @throws CannotRun if it is not installed */
export async function runRuntime(...args: readonly string[]): Promise<number> {
  const program = findBin('@biplane/runtime', 'biplane-runtime')
  const child = spawn(process.execPath, [program, ...args], { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? EXIT.usage
}
