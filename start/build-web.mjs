// Builds the web apps, and the client as one file, where they are not what their sources say. The stamp beside a build is a hash of all that it is made from, so a
// build that is there costs a few milliseconds at each start, and needs no network.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const BUILD_TIMEOUT_MS = 5 * 60 * 1000
const OUTPUT_MAX_CHARS = 4000
/** What goes into the apps, from the root. */
const SOURCES = ['experience/web', 'client/src', 'protocol/src', 'package-lock.json']
const LEFT_OUT = /(^|\/)(node_modules|dist|testing)$|\.test\.ts$/

export function webIsBuilt(root) {
  const main = join(root, 'experience/web/build/main.ts')
  return !existsSync(main) || readIfThere(stampFile(root)) === stampOf(root)
}

/** `node`: the one that runs TypeScript. Answers null, or what it said as it failed. */
export async function buildWeb(root, node) {
  // Of what is read before the build: what changes meanwhile is built again next time.
  const stamp = stampOf(root)
  const failure = await run(root, node)
  if (failure === null) writeFileSync(stampFile(root), stamp)
  return failure
}

const stampFile = (root) => join(root, 'experience/web/dist/stamp')

function stampOf(root) {
  const hash = createHash('sha256')
  for (const source of SOURCES) addTo(hash, root, source)
  return `${hash.digest('hex')}\n`
}

function addTo(hash, root, path) {
  if (LEFT_OUT.test(path)) return
  const entries = entriesIfFolder(join(root, path))
  if (entries === null) hash.update(`${path}\0`).update(readIfThere(join(root, path)) || '')
  else for (const name of entries.sort()) addTo(hash, root, `${path}/${name}`)
}

function entriesIfFolder(path) {
  try {
    return readdirSync(path)
  } catch (error) {
    if (error.code === 'ENOTDIR' || error.code === 'ENOENT') return null
    throw error
  }
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

function run(root, node) {
  const child = spawn(node, ['experience/web/build/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: BUILD_TIMEOUT_MS,
  })
  let said = ''
  const keep = (chunk) => {
    if (said.length < OUTPUT_MAX_CHARS) said += chunk
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  return new Promise((settle) => {
    child.on('error', (error) => settle(error.message))
    child.on('close', (code, signal) => {
      settle(code === 0 ? null : said.trim() || `It ended with ${signal || `exit code ${code}`}.`)
    })
  })
}
