// The parts of the gate: commands that run side by side, each with one line of outcome, and in full what a failed one printed.

import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'

import { ROOT } from './repository.ts'

export interface Part {
  name: string
  /** A command of node_modules/.bin, and its arguments. */
  command: [string, ...string[]]
}

/** Without the tests, what is asked is whether a package ships what it needs, and needs what it ships. */
const SHIPPED = 'files,dependencies,unlisted,unresolved'

/** What can be said of the repository without running it. */
export const STATIC_PARTS: readonly Part[] = [
  { name: 'format', command: ['oxfmt', '--check', '.'] },
  { name: 'lint', command: ['oxlint'] },
  { name: 'types', command: ['tsc', '--singleThreaded', '-p', '.'] },
  { name: 'studio', command: ['tsc', '--singleThreaded', '-p', 'experience/web/studio'] },
  { name: 'console', command: ['tsc', '--singleThreaded', '-p', 'experience/web/console'] },
  { name: 'unused', command: ['knip', '--no-progress', '--no-config-hints'] },
  {
    name: 'shipped',
    command: ['knip', '--no-progress', '--no-config-hints', '--strict', '--include', SHIPPED],
  },
]

const BIN = join(ROOT, 'node_modules', '.bin')
/** Each test file and each plane is a process of its own, and most of a short one's time is compiling the same modules. */
const COMPILED = join(ROOT, 'node_modules', '.cache', 'compiled')
export const ENV = {
  ...process.env,
  PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}`,
  NODE_COMPILE_CACHE: COMPILED,
  // The compiler and the types of the linter would spread over all cores, and take half as much again of them; something else runs there.
  GOMAXPROCS: '1',
}

/** Runs every part, as many at a time as there are cores, and answers the names of those that failed. */
export async function runParts(parts: readonly Part[]): Promise<string[]> {
  const failed: string[] = []
  const waiting = [...parts]
  const worker = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      if (!(await runPart(part))) failed.push(part.name)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
  return failed
}

async function runPart({ name, command: [program, ...args] }: Part): Promise<boolean> {
  const began = performance.now()
  const { code, output } = await capture(join(BIN, program), args)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(8)} ${seconds.padStart(5)} s`)
  if (code !== 0) console.log(output.trimEnd() || `${program} exited with ${code} and printed nothing.`)
  return code === 0
}

/** `code` is null if the program could not be started or was killed. */
function capture(program: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', (error) => resolve({ code: null, output: error.message }))
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }))
  })
}
