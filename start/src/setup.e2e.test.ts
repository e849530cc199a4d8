// setup.mjs in a small repository of its own, whose packages need no registry.

import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const exec = promisify(execFile)
const start = fileURLToPath(new URL('..', import.meta.url))

async function repository(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-setup-'))
  t.after(() => rm(folder, { recursive: true }))
  const packages = {
    '.': { name: 'small', private: true, workspaces: ['part'], devDependencies: { tool: 'file:tool' } },
    part: { name: 'part', version: '1.0.0' },
    tool: { name: 'tool', version: '1.0.0' },
  }
  for (const [path, content] of Object.entries(packages)) {
    await mkdir(join(folder, path), { recursive: true })
    await writeFile(join(folder, path, 'package.json'), JSON.stringify(content))
  }
  await exec('npm', ['install', '--package-lock-only', '--offline', '--no-audit'], { cwd: folder })
  for (const file of ['setup.mjs', 'build-web.mjs']) await cp(join(start, file), join(folder, 'start', file))
  return {
    folder,
    lockFile: () => readFile(join(folder, 'package-lock.json'), 'utf8'),
    has: (name: string) => existsSync(join(folder, 'node_modules', name)),
    /** What it says. */
    setUp: async (level: 'run' | 'test') => {
      const { stdout, stderr } = await exec(process.execPath, [join(folder, 'start', 'setup.mjs'), level], {
        env: { ...process.env, npm_config_offline: 'true' },
      })
      assert.equal(stdout, '')
      return stderr
    },
  }
}

test('it installs what running needs, then is silent; more for the tests, and never takes that away', async (t) => {
  const { setUp, has, lockFile } = await repository(t)
  const before = await lockFile()
  assert.match(await setUp('run'), /^Setting up: installing what running needs; this is done once … done in .* s\.\n$/)
  assert.deepEqual([has('part'), has('tool')], [true, false])
  assert.equal(await setUp('run'), '')
  assert.match(await setUp('test'), /everything that running and testing need/)
  assert.deepEqual([has('part'), has('tool')], [true, true])
  assert.equal(await setUp('test'), '')
  assert.equal(await setUp('run'), '')
  assert.equal(await lockFile(), before)
})

test('a changed lock file is installed, with what the tests need if that was there', async (t) => {
  const { folder, setUp, has, lockFile } = await repository(t)
  await setUp('test')
  await writeFile(join(folder, 'part', 'package.json'), JSON.stringify({ name: 'part', version: '1.0.1' }))
  await writeFile(
    join(folder, 'package-lock.json'),
    (await lockFile()).replace(/("part": {\s+"version": ")1.0.0/, '$11.0.1'),
  )
  assert.match(await setUp('run'), /installing everything/)
  assert.ok(has('tool'))
  assert.equal(await setUp('run'), '')
})

test('the web apps are built where their sources are not what was built, and a build that fails says why', async (t) => {
  const { folder, setUp } = await repository(t)
  const web = join(folder, 'experience', 'web')
  await mkdir(join(web, 'build'), { recursive: true })
  const build = (does: string) => writeFile(join(web, 'build', 'main.ts'), does)
  const builds =
    "import { mkdirSync } from 'node:fs'\nmkdirSync(new URL('../dist', import.meta.url), { recursive: true })\n"
  await build(builds)
  assert.match(await setUp('run'), /building the web apps … done in .* s\.\n$/)
  assert.equal(await setUp('run'), '')
  await writeFile(join(web, 'page.tsx'), 'changed')
  assert.match(await setUp('run'), /^Setting up: building the web apps … done/)
  await writeFile(join(web, 'page.test.ts'), 'of no matter')
  assert.equal(await setUp('run'), '')
  await build("throw new Error('no such page')\n")
  await assert.rejects(setUp('run'), /could not be built.*no such page/s)
  await build(builds)
  assert.equal(await setUp('run'), '', 'what was built before still stands')
})

test('an install by hand counts', async (t) => {
  const { folder, setUp } = await repository(t)
  await exec('npm', ['ci', '--offline', '--no-audit'], { cwd: folder })
  assert.equal(await setUp('test'), '')
})

test('a clone without one of its workspaces is set up once', async (t) => {
  const { folder, setUp } = await repository(t)
  await rm(join(folder, 'part'), { recursive: true })
  assert.notEqual(await setUp('run'), '')
  assert.equal(await setUp('run'), '')
  assert.notEqual(await setUp('test'), '')
  assert.equal(await setUp('test'), '')
})

test('of several at once one installs and the others wait', async (t) => {
  const { folder, setUp } = await repository(t)
  const said = await Promise.all([setUp('run'), setUp('run'), setUp('run')])
  assert.equal(said.filter((words) => words.includes('Setting up')).length, 1)
  assert.deepEqual(await readdir(join(folder, '.biplane')), [])
})

test('the lock of a process that was killed is taken over', async (t) => {
  const { folder, setUp } = await repository(t)
  const dead = spawn(process.execPath, ['-e', ''])
  await once(dead, 'exit')
  await mkdir(join(folder, '.biplane', 'setup.lock'), { recursive: true })
  await writeFile(join(folder, '.biplane', 'setup.lock', 'pid'), String(dead.pid))
  assert.match(await setUp('run'), /done in/)
  assert.deepEqual(await readdir(join(folder, '.biplane')), [])
})
