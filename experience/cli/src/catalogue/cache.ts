// The catalogue of each place, as it was last seen: for help and completion while the gateway is away, and so that an unchanged one
// need not be sent again. It is never what a call is checked against unless the gateway says that it has not changed.

import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

import { type Capability, Catalogue } from '@biplane/protocol'

/** Places that are remembered; of more, the ones used last. */
const FILES_MAX = 20
const FILE_BYTES_MAX = 4 * 1024 * 1024

export interface Saved {
  etag: string
  capabilities: readonly Capability[]
  /** When the gateway last said that it is so, RFC 3339. */
  saved: string
}

/** By the rules of XDG. */
function folderOf({ XDG_CACHE_HOME: base = '' }: NodeJS.ProcessEnv): string {
  return join(isAbsolute(base) ? base : join(homedir(), '.cache'), 'biplane', 'catalogues')
}

const fileOf = (folder: string, url: string): string =>
  join(folder, `${createHash('sha256').update(url).digest('hex').slice(0, 32)}.json`)

/** Null if there is none that can be read. */
export async function readSaved(url: string, env: NodeJS.ProcessEnv = process.env): Promise<Saved | null> {
  const file = fileOf(folderOf(env), url)
  try {
    const { size, mtime } = await stat(file)
    if (size > FILE_BYTES_MAX) return null
    const { etag, ...catalogue } = JSON.parse(await readFile(file, 'utf8')) as { etag: string }
    return { etag, ...Catalogue.parse(catalogue), saved: mtime.toISOString() }
  } catch {
    // A cache that cannot be read is one that is not there.
    return null
  }
}

/** Also says that one which has not changed is still so. What cannot be kept is asked for again, and that is all. */
export async function save(
  url: string,
  { etag, capabilities }: Omit<Saved, 'saved'>,
  env = process.env,
): Promise<void> {
  const text = JSON.stringify({ etag, capabilities })
  if (Buffer.byteLength(text) > FILE_BYTES_MAX) return
  const folder = folderOf(env)
  const part = join(folder, `${randomUUID()}.part`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(part, text, { mode: 0o600 })
    await rename(part, fileOf(folder, url))
    await removeOldest(folder)
  } catch {
    // A home without room, or one that may not be written to, is no reason to fail.
  }
}

async function removeOldest(folder: string): Promise<void> {
  const names = await readdir(folder)
  if (names.length <= FILES_MAX) return
  const files = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })))
  const old = files.sort((a, b) => b.at - a.at).slice(FILES_MAX)
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })))
}
