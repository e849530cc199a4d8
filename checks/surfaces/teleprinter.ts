// The surface that was written from the paper, as the process that it is: lines are typed to it, and what it prints is read.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { type Interface, createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

import { type Fields, TENANT } from './surface.ts'

export const PAPER = new URL('./surface-from-the-paper.ts', import.meta.url)

export interface Teleprinter {
  /** All that it answers, until it is gone or `left` aborts. @throws Error if what was asked fails */
  answers(verb: string, given: Fields, left?: AbortSignal): AsyncGenerator<Fields>
  pid(): number | null
  /** As a power switch would. */
  kill(): Promise<void>
  start(): Promise<void>
}

export function openTeleprinter(runtimeUrl: string): Teleprinter {
  let running: Running | null = run(runtimeUrl)
  let asked = 0

  return {
    async *answers(verb, given, left) {
      if (running === null) throw new Error('The teleprinter is off.')
      const { child, lines } = running
      const number = ++asked
      const printed = on(lines, 'line', { close: ['close'], ...(left && { signal: left }) }) as AsyncIterable<[string]>
      child.stdin.write(`${JSON.stringify([number, verb, given])}\n`)
      for await (const [line] of printed) {
        const [of, answer, problem] = JSON.parse(line) as [number, Fields | null, string?]
        if (of !== number) continue
        if (answer === null) throw new Error(problem)
        yield answer
      }
    },
    pid: () => running?.child.pid ?? null,
    async kill() {
      if (running === null) return
      const { child } = running
      running = null
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    async start() {
      running = run(runtimeUrl)
    },
  }
}

interface Running {
  child: ChildProcessByStdio<Writable, Readable, null>
  lines: Interface
}

function run(runtimeUrl: string): Running {
  const env = { ...process.env, RUNTIME_URL: runtimeUrl, TENANT }
  const child = spawn(process.execPath, [PAPER.pathname], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  // What is typed to one that was killed goes nowhere; who waits for the answer is told.
  child.stdin.on('error', () => {})
  return { child, lines: createInterface({ input: child.stdout }) }
}
