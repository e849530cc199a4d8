// A program at a terminal: what it prints is read, lines are typed to it, and it can be killed.

import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** For what is waited for: a program starts and works for a second or two, and other tests may run beside it. */
const WAIT_MS_MAX = 30_000

export interface TerminalProgram extends AsyncDisposable {
  /** Resolves when it has printed that. @throws Error with what it printed, if it ends before or takes too long */
  until(printed: RegExp): Promise<RegExpExecArray>
  type(line: string): void
  /** All that it printed, once it has ended by itself. @throws Error with that, if it failed */
  output(): Promise<string>
  /** As a power switch would. */
  kill(): Promise<void>
}

export function startProgram(cwd: string, main: string, args: readonly string[]): TerminalProgram {
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: 'pipe' })
  const closed = once(child, 'close') as Promise<[number | null]>
  const changed = new EventTarget()
  let text = ''
  const read = (chunk: string) => {
    text += chunk
    changed.dispatchEvent(new Event('change'))
  }
  child.stdout.setEncoding('utf8').on('data', read)
  child.stderr.setEncoding('utf8').on('data', read)

  const failed = (why: string) => new Error(`${main} ${args.join(' ')} ${why}. It printed:\n${text}`)
  async function kill(): Promise<void> {
    child.kill('SIGKILL')
    await closed
  }

  return {
    until(printed) {
      const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
      const look = () => {
        const found = printed.exec(text)
        if (found) resolve(found)
      }
      const timer = setTimeout(() => reject(failed(`did not print ${printed} within ${WAIT_MS_MAX} ms`)), WAIT_MS_MAX)
      changed.addEventListener('change', look)
      closed.then(() => reject(failed(`ended without ${printed}`)), reject)
      look()
      return promise.finally(() => {
        clearTimeout(timer)
        changed.removeEventListener('change', look)
      })
    },
    type: (line) => child.stdin.write(`${line}\n`),
    async output() {
      const timer = setTimeout(() => child.kill('SIGKILL'), WAIT_MS_MAX)
      const [code] = await closed
      clearTimeout(timer)
      if (code !== 0) throw failed(`ended with ${code ?? `a kill after ${WAIT_MS_MAX} ms`}`)
      return text
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}
