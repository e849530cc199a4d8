// The surface that was written from the paper, as a process: lines are typed to it, and what it prints is read.

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { on, once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'

import { type Accepted, type Batch, type Fields, type Intent, type Surface, TENANT, completed } from './surface.ts'

export const PAPER = new URL('./surface-from-the-paper.ts', import.meta.url)
const WAIT_S = 60

export interface PaperSurface extends Surface {
  pid(): number | null
  kill(): Promise<void>
  start(): Promise<void>
}

export function overPaper(runtimeUrl: string): PaperSurface {
  const env = { ...process.env, RUNTIME_URL: runtimeUrl, TENANT }
  let child: ChildProcessByStdio<Writable, Readable, null>
  let lines: ReturnType<typeof createInterface>
  let asked = 0

  function start(): void {
    child = spawn(process.execPath, [PAPER.pathname], { env, stdio: ['pipe', 'pipe', 'inherit'] })
    child.stdin.on('error', () => {})
    lines = createInterface({ input: child.stdout })
  }

  async function* answers(verb: string, given: Fields, left?: AbortSignal): AsyncGenerator<Fields> {
    const number = ++asked
    const printed = on(lines, 'line', { close: ['close'], ...(left && { signal: left }) }) as AsyncIterable<[string]>
    child.stdin.write(`${JSON.stringify([number, verb, given])}\n`)
    for await (const [line] of printed) {
      const [of, answer, problem] = JSON.parse(line) as [number, Fields | null, string?]
      if (of !== number) continue
      if (answer === null) throw new Error(problem)
      yield answer
    }
  }
  async function call(verb: string, given: Fields): Promise<Fields> {
    for await (const answer of answers(verb, given)) return answer
    throw new Error('It was gone before it answered.')
  }

  async function act({ type, payload, session_id }: Intent, wait_s: number): Promise<Fields> {
    const fields: Fields = { ...payload }
    for (const [field, value] of Object.entries(payload)) {
      if (!(value instanceof File)) continue
      fields[field] = await call('store', { name: value.name, media_type: value.type, text: await value.text() })
    }
    const session = session_id ?? ((await call('open', {}))['session'] as Accepted).session_id
    return call('submit', { type, payload: fields, session_id: session, wait_s })
  }

  start()
  return {
    name: 'a surface written from the protocol alone',
    pid: () => child.pid ?? null,
    start: async () => start(),
    async kill() {
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
    submit: async (intent) => (await act(intent, 0)) as unknown as Accepted,
    complete: async (intent) => completed(await act(intent, WAIT_S)),
    async *read(session_id, offset, left) {
      for await (const { type, ...message } of answers('follow', { session_id, offset }, left)) {
        if (type === 'event') yield { events: [message['event']], offset: message['offset'] } as Batch
      }
    },
    approve: (execution_id, name, reason) => call('approve', { execution_id, name, reason }),
    ask: (type, payload) => call('ask', { type, payload }),
  }
}
