// The `biplane` command, as a script uses it: with --json, one document a line.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Event } from '@biplane/protocol'

import { type Accepted, type Fields, type Intent, type Surface, completed } from './surface.ts'
import type { Terminal } from './terminal.ts'

export function overCommandLine({ lines, folder }: Terminal): Surface {
  async function* documents(words: readonly string[], left?: AbortSignal): AsyncGenerator<Fields> {
    for await (const line of lines([...words, '--json'], left)) yield JSON.parse(line) as Fields
  }
  async function act({ type, payload, session_id }: Intent, how: readonly string[] = []): Promise<Fields[]> {
    const session = session_id === undefined ? [] : ['--session', session_id]
    return Array.fromAsync(documents([...commandOf(type), ...(await wordsOf(payload, folder)), ...session, ...how]))
  }

  return {
    name: 'the command line',
    async submit(intent) {
      const [accepted] = await act(intent, ['--detach'])
      return accepted as unknown as Accepted
    },
    async complete(intent) {
      return completed((await act(intent)).at(-1)?.['execution'] as Fields)
    },
    async *read(session_id, offset, left) {
      for await (const { type, event } of documents(['follow', session_id, `--from=${offset}`], left)) {
        // The number of an event does as well as the offset behind it.
        if (type === 'event') yield { events: [event as Event], offset: String((event as Event).seq) }
      }
    },
    approve: (execution_id, name, reason) =>
      Array.fromAsync(documents(['approve', execution_id, name, '--reason', reason])),
    async ask(type, payload) {
      const [answered] = await act({ type, payload })
      return answered?.['answer'] as Fields
    },
  }
}

/** `data_mash.create` is `biplane data-mash create`. */
const commandOf = (type: string): string[] => type.replaceAll('_', '-').split('.')

/** A file as a path, anything else as an option; a list is an option that is repeated. */
async function wordsOf(payload: Fields, folder: string): Promise<string[]> {
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
