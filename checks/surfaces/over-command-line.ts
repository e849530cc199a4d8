// The `biplane` command: each thing that a person does is a process of its own, and what it prints with --json is what they read.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import type { Event } from '@biplane/protocol'

import { ROOT } from '../repository.ts'
import { type Accepted, type Batch, type Completed, type Intent, type Surface, TENANT, completed } from './surface.ts'

const MAIN = join(ROOT, 'experience/cli/src/main.ts')

type Record_ = { type: string } & Record<string, unknown>

export interface CommandLine extends Surface {
  /** The lines that a command prints. @throws Error if it fails */
  run(words: readonly string[]): Promise<string[]>
  pid(): null
  /** As a power switch would: whatever runs is gone, and nobody types, until `start`. */
  kill(): Promise<void>
  start(): Promise<void>
}

/** `url`: of a gateway or a runtime, as `--url` takes it. `folder`: where its files and its cache are. */
export function overCommandLine(url: string, folder: string): CommandLine {
  const running = new Set<ChildProcess>()
  let isThere = true

  async function* lines(words: readonly string[]): AsyncGenerator<string> {
    if (!isThere) throw new Error('Nobody is at the terminal.')
    const env = { ...process.env, BIPLANE_URL: url, BIPLANE_TENANT: TENANT, XDG_CACHE_HOME: folder, NO_COLOR: '1' }
    const child = spawn(process.execPath, [MAIN, ...words], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const ended = once(child, 'close') as Promise<[number | null]>
    running.add(child)
    let complaints = ''
    child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()))
    try {
      yield* createInterface({ input: child.stdout })
      const [code] = await ended
      if (code !== 0) throw new Error(`biplane ${words.join(' ')} ended with ${code}: ${complaints}`)
    } finally {
      child.kill()
      await ended
      running.delete(child)
    }
  }
  const run = (words: readonly string[]) => Array.fromAsync(lines(words))
  const records = async (words: readonly string[]) =>
    (await run([...words, '--json'])).map((line) => JSON.parse(line) as Record_)
  const act = async ({ type, payload, session_id }: Intent, how: string[]) => {
    const session = session_id === undefined ? [] : ['--session', session_id]
    return records([...commandOf(type), ...(await wordsOf(payload, folder)), ...session, ...how])
  }

  return {
    name: 'the command line',
    run,
    submit: async (intent) => (await act(intent, ['--detach']))[0] as unknown as Accepted,
    complete: async (intent) => completed((await act(intent, [])).at(-1)?.['execution'] as Completed),
    async *read(session_id, offset) {
      for await (const line of lines(['follow', session_id, `--from=${offset}`, '--json'])) {
        const { type, event } = JSON.parse(line) as { type: string; event: Event }
        // The number of an event does as well as the offset behind it.
        if (type === 'event') yield { events: [event], offset: String(event.seq) } satisfies Batch
      }
    },
    approve: (execution_id, name, reason) => records(['approve', execution_id, name, '--reason', reason]),
    ask: async (type, payload) =>
      (await records([...commandOf(type), ...(await wordsOf(payload, folder))]))[0]?.['answer'] as Record<
        string,
        unknown
      >,
    async kill() {
      isThere = false
      const gone = [...running].map((child) => once(child, 'exit'))
      for (const child of running) child.kill('SIGKILL')
      await Promise.all(gone)
    },
    async start() {
      isThere = true
    },
    pid: () => null,
  }
}

/** `data_mash.create` is `biplane data-mash create`. */
const commandOf = (type: string): string[] => type.replaceAll('_', '-').split('.')

/** A file as a path, anything else as an option; a list is an option that is repeated. */
async function wordsOf(payload: Record<string, unknown>, folder: string): Promise<string[]> {
  const words: string[] = []
  for (const [field, value] of Object.entries(payload)) {
    const flag = `--${field.replaceAll('_', '-')}`
    if (value instanceof File) {
      await writeFile(join(folder, value.name), value.stream())
      words.push(value.name)
    } else if (value === true) words.push(flag)
    else for (const one of [value].flat()) words.push(flag, String(one))
  }
  return words
}
