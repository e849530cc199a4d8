import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where this program may keep what it can do without: by the rules of XDG. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME: base = '' } = env
  return join(isAbsolute(base) ? base : join(homedir(), '.cache'), 'biplane')
}
