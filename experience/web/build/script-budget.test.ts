import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { build } from 'vite'

import { withinBudget } from './script-budget.ts'

const BUDGET_BYTES = 20_000
let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-budget-'))
  await writeFile(join(folder, 'big.js'), `export default '${randomBytes(30_000).toString('base64')}'`)
})
after(() => rm(folder, { recursive: true }))

async function buildWith(source: string): Promise<unknown> {
  const input = join(folder, 'main.js')
  await writeFile(input, source)
  const rolldownOptions = { input }
  return build({
    configFile: false,
    root: folder,
    logLevel: 'silent',
    plugins: [withinBudget('it', BUDGET_BYTES)],
    build: { outDir: join(folder, 'dist'), rolldownOptions },
  })
}

test('a big import that is loaded at once fails the build, and says what to do', async () => {
  await assert.rejects(
    buildWith("import big from './big.js'\nconsole.log(big)"),
    /first load of it is \d+ KiB.*import\(\)/s,
  )
})

test('the same import when it is wanted does not count', async () => {
  await buildWith("globalThis.onclick = async () => console.log((await import('./big.js')).default)")
})
