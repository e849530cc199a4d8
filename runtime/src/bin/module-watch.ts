// Tells when one of some modules may have changed. Folders are watched and not files, because many editors save by renaming, which
// a watch of a file does not survive; and only the folders that hold a module, since a project has many more.

import { type FSWatcher, existsSync, watch } from 'node:fs'
import { dirname, extname } from 'node:path'

/** One save is several events. A fixed time from the first, so that a file that is written all the time delays nothing. */
const SETTLE_MS = 100
const FOLDERS_MAX = 1_000
/** What can be imported; a name without an extension may be a folder that appears. */
const RELEVANT = new Set(['', '.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '.wasm'])

export class ModuleWatch {
  #watchers: FSWatcher[] = []
  #changed = Promise.withResolvers<void>()
  #isSettling = false

  /**
   * From now on these, and whatever appears beside them. What happens while this is called may be missed.
   * @throws Error if they are in too many folders
   */
  follow(paths: readonly string[]): void {
    const folders = new Set(paths.map((path) => nearestFolder(dirname(path))))
    if (folders.size > FOLDERS_MAX) throw new Error(`The realms import from more than ${FOLDERS_MAX} folders.`)
    this.close()
    this.#watchers = Array.from(folders, (folder) => this.#watch(folder))
  }

  /** Resolves when something has happened since this last resolved. */
  async changed(): Promise<void> {
    await this.#changed.promise
    this.#changed = Promise.withResolvers()
  }

  close(): void {
    for (const watcher of this.#watchers) watcher.close()
    this.#watchers = []
  }

  #watch(folder: string): FSWatcher {
    const watcher = watch(folder, (_event, name) => {
      if (name === null || isRelevant(name)) this.#settle()
    })
    // It cannot be watched any longer; whoever waits looks again, and follows what is there then.
    return watcher.on('error', () => this.#settle())
  }

  #settle(): void {
    if (this.#isSettling) return
    this.#isSettling = true
    setTimeout(() => {
      this.#isSettling = false
      this.#changed.resolve()
    }, SETTLE_MS)
  }
}

const isRelevant = (name: string): boolean =>
  !name.startsWith('.') && name !== 'node_modules' && RELEVANT.has(extname(name))

/** A folder that was removed is waited for where it would appear. */
const nearestFolder = (folder: string): string => (existsSync(folder) ? folder : nearestFolder(dirname(folder)))
