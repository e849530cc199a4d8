// A file of keys that is read again when it has changed. It is looked at when somebody asks, at most twice a second: what is taken
// out of it counts no more within a second, and a gateway that nobody calls does nothing.

import { readFile, stat } from 'node:fs/promises'

import type { FastifyBaseLogger } from 'fastify'

const LOOK_EVERY_MS = 500

/** What the file holds now. It rejects while that cannot be told: what held before is no answer. */
export type Watched<T> = () => Promise<T>

interface Look<T> {
  /** Differs when the file may have changed. */
  mark: string
  /** Null if it could not be read. */
  held: { value: T } | null
}

/** @throws what reading or `parse` throws, if the file cannot be used at the start; later that is logged */
export async function watchedFile<T>(
  path: string,
  parse: (text: string) => T,
  log: FastifyBaseLogger,
): Promise<Watched<T>> {
  const read = async (mark: string): Promise<Look<T>> => ({
    mark,
    held: { value: parse(await readFile(path, 'utf8')) },
  })

  async function lookAgain(last: Look<T>): Promise<Look<T>> {
    try {
      const mark = await markOf(path)
      return mark === last.mark ? last : await read(mark)
    } catch (error) {
      if (last.held !== null) log.error({ path, reason: String(error) }, 'a file of keys cannot be read any more')
      return { mark: '', held: null }
    }
  }

  let latest = read(await markOf(path))
  await latest
  let lookedAtMs = Date.now()
  return async () => {
    if (Date.now() - lookedAtMs >= LOOK_EVERY_MS) {
      lookedAtMs = Date.now()
      latest = latest.then(lookAgain)
    }
    const { held } = await latest
    if (held === null) throw new Error('the file cannot be read at the moment.')
    return held.value
  }
}

/** Taken before the file is read, so that a change in between is seen the next time. What replaces a file has another inode. */
async function markOf(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path)
  return `${mtimeMs} ${size} ${ino}`
}
