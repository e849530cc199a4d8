// The configuration with one realm more, written beside the one that is there. It is loaded before it takes its place, so that an
// edit of its text can go wrong without harm, and it takes its place by renaming, so that nobody sees half of it.

import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'

import { ConfigurationError, loadConfig } from '../config.ts'
import { configOf } from './realm-template.ts'
import { addToRealms } from './realms-list.ts'

export interface PreparedConfig {
  /** There was none before. */
  isNew: boolean
  commit(): void
  discard(): void
}

/** Null if the configuration cannot be edited safely. @throws ConfigurationError if the one that is there cannot be loaded */
export async function prepareConfig(path: string, specifier: string): Promise<PreparedConfig | null> {
  if (!existsSync(path)) return draftOf(path, configOf(specifier), true)
  const real = realpathSync(path)
  const text = addToRealms(readFileSync(real, 'utf8'), specifier)
  if (text === null) return null
  const draft = draftOf(real, text, false)
  const { realms } = await loadConfig(path)
  if (isDeepStrictEqual(await realmsOf(draft.path), [...realms, specifier])) return draft
  draft.discard()
  return null
}

function draftOf(path: string, text: string, isNew: boolean): PreparedConfig & { path: string } {
  const draft = join(dirname(path), `.runtime-config-${process.pid}${extname(path)}`)
  writeFileSync(draft, text, isNew ? {} : { mode: statSync(path).mode })
  return {
    path: draft,
    isNew,
    commit: () => renameSync(draft, path),
    discard: () => rmSync(draft, { force: true }),
  }
}

/** Null if it does not load: the edit has broken it. */
async function realmsOf(path: string): Promise<readonly string[] | null> {
  try {
    return (await loadConfig(path)).realms
  } catch (error) {
    if (error instanceof ConfigurationError) return null
    throw error
  }
}
