// A folder for the files of one job. Whoever makes it removes it; a start sweeps what dead processes left.

import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'biplane-tables-'
/** A folder this old is swept even if its process number is in use again. */
const LEFTOVER_MS_MAX = 24 * 60 * 60_000

export interface Scratch extends AsyncDisposable {
  readonly path: string
  file(name: string): string
}

const root = (): string => process.env['BIPLANE_SCRATCH'] ?? tmpdir()

export async function openScratch(): Promise<Scratch> {
  await mkdir(root(), { recursive: true })
  const path = await mkdtemp(join(root(), `${PREFIX}${process.pid}-`))
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

/** Removes the folders of processes that are gone. Answers how many. */
export async function sweepScratch(): Promise<number> {
  const names = await readdir(root()).catch(emptyIfAbsent)
  let swept = 0
  for (const name of names) {
    const path = join(root(), name)
    if (!name.startsWith(PREFIX) || !(await isLeftover(path, Number.parseInt(name.slice(PREFIX.length), 10)))) continue
    await rm(path, { recursive: true, force: true })
    swept++
  }
  return swept
}

async function isLeftover(path: string, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return true
  const found = await stat(path).catch(() => null) // Swept by another process meanwhile.
  return pid !== process.pid && found !== null && Date.now() - found.mtimeMs > LEFTOVER_MS_MAX
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function emptyIfAbsent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}
