// Builds the tarballs that are published: sources in, JavaScript and declarations out, judged before they are packed.

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { ROOT, listFiles } from '../repository.ts'
import { compile } from './compile.ts'
import { judgePackage, readBuilt } from './judge-package.ts'
import { publishedManifest } from './manifest.ts'
import { readPublished, tarballName } from './published.ts'
import type { Published } from './published.ts'

/** Says which content the tarballs beside it were made of. */
const STAMP = '.content'

/**
 * Answers the path of each tarball by the name of its package. What was packed before from the same content is not packed again.
 * Two processes may do this at once: both make the same files, and each file appears whole.
 * @throws Error with all that does not compile, or would not work once it is installed
 */
export async function packAll(folder = join(ROOT, 'packed')): Promise<Map<string, string>> {
  const packages = readPublished(ROOT)
  const tarballs = new Map(packages.map(({ manifest }) => [manifest.name, join(folder, tarballName(manifest))]))
  const content = hashOf(packages)
  if (isPacked(folder, tarballs, content)) return tarballs
  mkdirSync(folder, { recursive: true })
  const build = mkdtempSync(join(folder, '.build-'))
  try {
    await buildPackages(packages, build)
    await npmPack(packages, build)
    replaceTarballs(folder, build, [...tarballs.values()])
    writeFileSync(join(folder, STAMP), content)
  } finally {
    rmSync(build, { recursive: true, force: true })
  }
  return tarballs
}

async function buildPackages(packages: readonly Published[], build: string): Promise<void> {
  const shipped = packages.flatMap(({ folder, files }) => files.map((file) => `${folder}/${file}`))
  await compile(
    shipped.filter((file) => file.endsWith('.ts')),
    build,
  )
  for (const file of shipped.filter((one) => !one.endsWith('.ts'))) copy(file, join(build, file))
  const versions = new Map(packages.map(({ manifest }) => [manifest.name, manifest.version]))
  if (packages.some(({ folder }) => folder === 'client')) await bundleClient(join(build, 'client/src/browser.js'))
  for (const { folder, manifest } of packages) {
    renameSync(join(build, folder, 'src'), join(build, folder, 'dist'))
    copy(`${folder}/README.md`, join(build, folder, 'README.md'))
    copy('LICENSE', join(build, folder, 'LICENSE'))
    const published = JSON.stringify(publishedManifest(manifest, versions), null, 2)
    writeFileSync(join(build, folder, 'package.json'), `${published}\n`)
  }
  const built = packages.map(({ folder }) => readBuilt(join(build, folder)))
  const problems = built.flatMap((one) => judgePackage(one, built))
  if (problems.length > 0) throw new Error(`These packages would not work once installed:\n${problems.join('\n')}`)
}

/** The client as one file, for pages without a build. */
async function bundleClient(file: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(ROOT, 'experience/web/build/main.ts'), '--client', file])
  writeFileSync(file.replace(/\.js$/, '.d.ts'), "export * from './client.js'\n")
}

function copy(file: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(join(ROOT, file), to)
}

async function npmPack(packages: readonly Published[], build: string): Promise<void> {
  const folders = packages.map(({ folder }) => `./${folder}`)
  await promisify(execFile)('npm', ['pack', '--ignore-scripts', '--loglevel=error', ...folders], { cwd: build })
}

/** The stamp goes first and comes last: it never stands beside tarballs of other content. */
function replaceTarballs(folder: string, build: string, tarballs: readonly string[]): void {
  rmSync(join(folder, STAMP), { force: true })
  for (const tarball of tarballs) renameSync(join(build, basename(tarball)), tarball)
  const old = readdirSync(folder).filter((file) => file.endsWith('.tgz') && !tarballs.includes(join(folder, file)))
  for (const file of old) rmSync(join(folder, file), { force: true })
}

function isPacked(folder: string, tarballs: ReadonlyMap<string, string>, content: string): boolean {
  const stamp = join(folder, STAMP)
  return (
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === content &&
    [...tarballs.values()].every((file) => existsSync(file))
  )
}

/** Of everything that the tarballs are made of and by. */
function hashOf(packages: readonly Published[]): string {
  const hash = createHash('sha256')
  const ofPackages = packages.flatMap(({ folder, files }) =>
    ['package.json', 'README.md', ...files].map((file) => `${folder}/${file}`),
  )
  const ofPacker = listFiles(join(ROOT, 'checks/pack')).map((file) => `checks/pack/${file}`)
  for (const file of [
    ...ofPackages,
    ...ofPacker,
    'experience/web/build/bundle-client.ts',
    'LICENSE',
    'tsconfig.json',
    'package-lock.json',
  ]) {
    hash.update(`${file}\n`).update(readFileSync(join(ROOT, file)))
  }
  return hash.digest('hex')
}
