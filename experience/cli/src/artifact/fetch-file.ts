// Streams an artifact to a file. A lost connection goes on behind the last byte that came; and since an artifact is named by its
// bytes, what was written is known to be right before it gets its name.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, rmSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'

import { BiplaneError, backoffMs, pause } from '@biplane/client'

import { CannotRun } from '../cannot-run.ts'
import type { Task } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { sizeOf } from '../terminal/words.ts'

const ATTEMPTS_MAX = 8
const RETRY = { baseMs: 200, maxMs: 5_000 }
const PART = '.part'

export interface Fetched {
  /** Null: standard output. */
  path: string | null
  size: number
}

/** @throws CannotRun, BiplaneError, or the error of the file system */
export async function fetchFile(task: Task, id: string, output: string | undefined): Promise<Fetched> {
  if (output === undefined && process.stdout.isTTY) {
    throw new CannotRun(
      'Bytes do not go to a terminal unasked.',
      'Say where to: --output FILE, or --output - for here.',
    )
  }
  if (output === undefined || output === '-') return { path: null, size: await copy(task, id, process.stdout) }
  const file = createWriteStream(output + PART)
  // Opened before anything is asked for: where it cannot be written is told at once.
  await once(file, 'open')
  // However it ends, Ctrl-C included.
  process.once('exit', () => rmSync(output + PART, { force: true }))
  try {
    const size = await copy(task, id, file)
    file.end()
    await finished(file)
    await rename(output + PART, output)
    return { path: output, size }
  } finally {
    file.destroy()
  }
}

/** The bytes that were written. */
async function copy(task: Task, id: string, to: Writable): Promise<number> {
  const hash = createHash('sha256')
  let size = 0
  const take = async (chunk: Uint8Array) => {
    hash.update(chunk)
    size += chunk.length
    if (!to.write(chunk)) await once(to, 'drain')
  }
  for (let failures = 0; ;) {
    try {
      await read(task, id, size, take)
      break
    } catch (error) {
      if (size === 0 || to.errored !== null || !isPassing(error) || ++failures >= ATTEMPTS_MAX) throw error
      task.out.note(`  The connection was lost after ${sizeOf(size)}; going on …`)
      await pause(backoffMs(failures, RETRY))
    }
  }
  verify(id, hash.digest('hex'))
  return size
}

const isPassing = (error: unknown): boolean => !(error instanceof BiplaneError) || error.status >= 500

async function read({ client, out }: Task, id: string, start: number, take: (chunk: Uint8Array) => Promise<void>) {
  const { stream, size } = await client.getArtifact(id, start === 0 ? {} : { range: { start } })
  const total = size === null ? null : start + size
  let done = start
  for await (const chunk of stream) {
    await take(chunk)
    done += chunk.length
    out.progress('receiving', done, total, sizeOf(done))
  }
  out.endProgress()
  if (total !== null && done < total) throw new Error(`${total - done} bytes did not come.`)
}

function verify(id: string, sha256: string): void {
  if (id === `art_${sha256}`) return
  throw new CannotRun(
    'What came is not what the id names.',
    'Get it again; if it lasts, the store is damaged.',
    EXIT.failed,
  )
}
