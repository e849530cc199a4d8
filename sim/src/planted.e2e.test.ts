// A checker that never saw a bug is not known to see any. Each bug is planted in a copy of the sources, never in the engine itself.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'

import { PLANTED, type Planted } from './testing/planted.ts'

const ROOT = join(import.meta.dirname, '../..')
/** By package name, what the simulation is made of. */
const COPIED: Record<string, string> = {
  protocol: 'protocol',
  realm: 'realm',
  'realm-testing': 'realm/testing',
  runtime: 'runtime',
  sim: 'sim',
}
/** A bug must be seen within so many seeds. */
const SEEDS_MAX = 30
/** Enough to know that it is not the copy that is seen. */
const SEEDS_WITHOUT_BUG = 10

class Copy {
  readonly #path = mkdtempSync(join(tmpdir(), 'biplane-planted-'))

  constructor() {
    for (const folder of ['protocol', 'realm', 'runtime', 'sim']) {
      const isSource = (path: string) => !path.endsWith('/node_modules')
      cpSync(join(ROOT, folder), join(this.#path, folder), { recursive: true, filter: isSource })
    }
    const modules = join(this.#path, 'node_modules')
    mkdirSync(join(modules, '@biplane'), { recursive: true })
    for (const name of readdirSync(join(ROOT, 'node_modules'))) {
      if (name !== '@biplane') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
    }
    for (const [name, folder] of Object.entries(COPIED)) {
      symlinkSync(join(this.#path, folder), join(modules, '@biplane', name))
    }
  }

  /** Disposing of it takes the bug out again. @throws Error if the sources are no longer as the bug expects them */
  plant({ file, find, replace }: Planted): Disposable {
    const path = join(this.#path, file)
    const source = readFileSync(path, 'utf8')
    const parts = source.split(find)
    if (parts.length !== 2) throw new Error(`"${find}" stands ${parts.length - 1} times in ${file}, not once.`)
    writeFileSync(path, parts.join(replace))
    return { [Symbol.dispose]: () => writeFileSync(path, source) }
  }

  /** What the simulator prints, up to the first seed that fails, and whether it was content. */
  simulate(seeds: number): Promise<{ isContent: boolean; printed: string }> {
    const main = join(this.#path, 'sim/src/main.ts')
    const args = [main, '--seeds', String(seeds), '--store', 'memory', '--bail']
    return new Promise((resolve) => {
      execFile(process.execPath, args, { maxBuffer: 64 * 1024 ** 2 }, (error, stdout, stderr) =>
        resolve({ isContent: error === null, printed: stdout + stderr }),
      )
    })
  }

  remove(): void {
    rmSync(this.#path, { recursive: true, force: true })
  }
}

suite('the simulator, on a copy of the sources', () => {
  const copy = new Copy()
  after(() => copy.remove())

  test('is content with them as they are', async () => {
    const { isContent, printed } = await copy.simulate(SEEDS_WITHOUT_BUG)
    assert.ok(isContent, printed)
  })

  for (const bug of PLANTED) {
    test(`sees that ${bug.name}`, async () => {
      using _ = copy.plant(bug)
      const { isContent, printed } = await copy.simulate(SEEDS_MAX)
      assert.equal(isContent, false, printed)
      assert.ok(printed.includes(`on memory: ${bug.seenBy}: `), printed)
      assert.match(printed, /npm run sim -- --from \d+ --seeds 1/)
    })
  }
})
