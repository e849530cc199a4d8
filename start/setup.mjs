// Sets up what the npm scripts need: `node start/setup.mjs run` for running, `… test` for everything. It runs on the stock Node,
// before anything is installed: plain JavaScript of old syntax, so that a Node that is too old still reads as far as the sentence
// that says so.
//
// npm keeps its own record of what is in node_modules, written when an installation has succeeded, and the lock file says what
// should be there: comparing the two takes milliseconds, and an install by hand counts as much as ours. In a clone from which
// workspaces were removed the two can never agree; there a stamp says that this record is all that npm makes of this lock file.
//
// Every script that needs it calls it first, and not as a pre-script, which npm leaves out where `ignore-scripts` is set. What
// follows is started with `exec`, so that a signal to npm reaches it; `env` keeps the shell from remembering the old `node`.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { buildWeb, webIsBuilt } from './build-web.mjs'

const MIN_NODE_MAJOR = 18
/** The Node that runs Biplane; the npm package `node` brings it. */
const RUN_NODE_MAJOR = 24
const INSTALL_TIMEOUT_MS = 15 * 60 * 1000
const LOCK_WAIT_MAX_MS = INSTALL_TIMEOUT_MS
const LOCK_POLL_MS = 200
/** A lock is a folder and then a file in it; one without the file for longer than this was left between the two. */
const LOCK_EMPTY_MAX_MS = 5000
/** npm says the cause first. */
const NPM_OUTPUT_MAX_CHARS = 4000

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const installed = join(root, 'node_modules')
const npmRecord = join(installed, '.package-lock.json')
const stampFile = join(installed, '.biplane-setup')
const lockFolder = join(root, '.biplane', 'setup.lock')
const nodeMajor = Number(process.versions.node.split('.')[0])

/** What it throws is for the person at the terminal. */
class SetupError extends Error {}

setUp(process.argv[2]).catch((error) => {
  process.stderr.write(`\n${error instanceof SetupError ? error.message : error.stack}\n\n`)
  process.exitCode = 1
})

async function setUp(level) {
  if (level !== 'run' && level !== 'test') throw new SetupError('Usage: node start/setup.mjs run|test')
  if (nodeMajor < MIN_NODE_MAJOR) {
    throw new SetupError(
      `Biplane needs Node ${MIN_NODE_MAJOR} or newer to set itself up; this is ${process.version}.\n` +
        'Install a current one from https://nodejs.org (or `nvm install --lts`), then try again.\n' +
        `It brings Node ${RUN_NODE_MAJOR}, which it runs on, by itself.`,
    )
  }
  if (isInstalled(level) && webIsBuilt(root)) return checkNode()
  await lock()
  try {
    if (!isInstalled(level)) await install(level)
    checkNode()
    if (!webIsBuilt(root)) await buildApps()
  } finally {
    rmSync(lockFolder, { recursive: true, force: true })
  }
}

async function buildApps() {
  process.stderr.write('Setting up: building the web apps … ')
  const started = Date.now()
  const failure = await buildWeb(root, nodeToRun())
  if (failure !== null) throw new SetupError(`The web apps could not be built.\n\n${failure}`)
  process.stderr.write(`done in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`)
}

/** This one, or the one that npm brought. */
const nodeToRun = () => (nodeMajor >= RUN_NODE_MAJOR ? process.execPath : join(installed, 'node', 'bin', 'node'))

function isInstalled(level) {
  const lockFile = readIfThere(join(root, 'package-lock.json'))
  if (lockFile === null) throw new SetupError(`There is no package-lock.json in ${root}: is this a whole clone?`)
  return holdsAll(packagesThere(), JSON.parse(lockFile).packages, level) || isStamped(level)
}

/** True if npm's record has every package of the lock file that the level needs, at its version. */
function holdsAll(present, wanted, level) {
  return Object.keys(wanted).every((path) => {
    const want = wanted[path]
    // Optional packages are for other systems than this one; '' is the root itself.
    if (path === '' || want.optional || (want.dev && level === 'run')) return true
    const have = present[path]
    return have !== undefined && have.version === want.version && have.integrity === want.integrity
  })
}

function isStamped(level) {
  const stamp = readIfThere(stampFile)
  return stamp === stampOf('test') || stamp === stampOf(level)
}

function stampOf(level) {
  const hash = createHash('sha256')
  for (const file of [join(root, 'package-lock.json'), npmRecord]) hash.update(readIfThere(file) || '')
  return `${level} ${hash.digest('hex')}\n`
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw new SetupError(`${file} cannot be read: ${error.message}`)
  }
}

async function install(level) {
  // Nothing is pruned: a clone that has run its tests keeps what they need.
  const everything = level === 'test' || Object.values(packagesThere()).some(({ dev }) => dev)
  // Not `npm ci`: it begins by deleting node_modules, from which another terminal may be running, and npm 11 refuses with it any
  // lock file that lacks the optional packages of one other system. `--no-save` installs by the lock file and never writes it.
  const args = ['install', '--no-save', everything ? '--include=dev' : '--omit=dev']
  // Our packages ask for the Node that this very installation brings.
  args.push('--engine-strict=false', '--no-audit', '--no-fund', '--loglevel=error')
  const what = everything ? 'everything that running and testing need' : 'what running needs'
  process.stderr.write(`Setting up: installing ${what}; this is done once … `)
  const started = Date.now()
  await runNpm(args)
  mkdirSync(installed, { recursive: true })
  writeFileSync(stampFile, stampOf(everything ? 'test' : 'run'))
  process.stderr.write(`done in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`)
}

/** By npm's record; what is there without one came from an installation that did not end. */
function packagesThere() {
  return JSON.parse(readIfThere(npmRecord) || '{"packages": {}}').packages
}

async function runNpm(args) {
  const [command, before] = npmCommand()
  const npm = spawn(command, before.concat(args), {
    cwd: root,
    env: Object.assign({}, process.env, { PATH: pathWithoutOwnNode() }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // If this process is killed, npm works on: the lock holds until it has ended too.
  if (npm.pid !== undefined) writeFileSync(join(lockFolder, 'pid'), `${process.pid} ${npm.pid}`)
  const timer = setTimeout(() => npm.kill(), INSTALL_TIMEOUT_MS)
  let said = ''
  const keep = (chunk) => {
    if (said.length < NPM_OUTPUT_MAX_CHARS) said += chunk
  }
  npm.stdout.on('data', keep)
  npm.stderr.on('data', keep)
  const failure = await new Promise((settle) => {
    npm.on('error', (error) => settle(error.message))
    npm.on('close', (code, signal) =>
      settle(code === 0 ? null : said.trim() || `It ended with ${signal || `exit code ${code}`}.`),
    )
  })
  clearTimeout(timer)
  if (failure === null) return
  throw new SetupError(
    `Setting up failed: \`npm ${args.join(' ')}\` did not succeed.\n\n${failure}\n\n` +
      'The npm registry is needed for this once; afterwards Biplane works offline. Check the connection (and, behind a proxy,\n' +
      '`npm config get proxy`), then try again. `npm install --no-save` shows what happens in full.',
  )
}

/** The npm that called us, by the Node that ran it; plain `npm` if it was called by hand, or ran on the Node that is replaced. */
function npmCommand() {
  const cli = process.env.npm_execpath
  const node = process.env.npm_node_execpath
  const ours = installed + sep
  if (cli && node && cli.endsWith('npm-cli.js') && !cli.startsWith(ours) && !node.startsWith(ours)) return [node, [cli]]
  return ['npm', []]
}

/** Install scripts must find the system's Node, not the one that they are about to replace. */
function pathWithoutOwnNode() {
  const own = join(installed, '.bin')
  return (process.env.PATH || '')
    .split(delimiter)
    .filter((folder) => resolve(folder) !== own)
    .join(delimiter)
}

/** One installation at a time in this clone. The lock names its processes, so that one left by killed ones is taken over. */
async function lock() {
  const deadline = Date.now() + LOCK_WAIT_MAX_MS
  let told = false
  for (;;) {
    const holder = tryLock()
    if (holder === null) return
    if (!holder.alive) breakLock(holder.pids)
    else if (Date.now() > deadline) {
      throw new SetupError(`Process ${holder.pids} has been setting up for too long. End it, or delete ${lockFolder}.`)
    } else {
      if (!told) process.stderr.write(`Another process (${holder.pids}) is setting up here; waiting for it.\n`)
      told = true
      await new Promise((wake) => setTimeout(wake, LOCK_POLL_MS))
    }
  }
}

/** Null if the lock is ours now, else who has it. */
function tryLock() {
  try {
    mkdirSync(dirname(lockFolder), { recursive: true })
    mkdirSync(lockFolder)
    writeFileSync(join(lockFolder, 'pid'), String(process.pid))
    return null
  } catch (error) {
    if (error.code === 'EEXIST') return lockHolder(lockFolder)
    throw new SetupError(
      `Cannot write to ${dirname(lockFolder)}: ${error.message}\n` +
        'If this folder was made by another user (by sudo, say), make it yours: sudo chown -R "$(id -u)" .',
    )
  }
}

/** `pids` is empty for a lock that has gone meanwhile, or whose holder has not written its name yet. */
function lockHolder(folder) {
  try {
    const pids = readFileSync(join(folder, 'pid'), 'utf8')
    if (pids !== '') return { pids, alive: pids.split(' ').some((pid) => isAlive(Number(pid))) }
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  return { pids: '', alive: ageMs(folder) < LOCK_EMPTY_MAX_MS }
}

function ageMs(path) {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch (error) {
    if (error.code === 'ENOENT') return 0
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Of several that find dead holders one moves their lock away; whoever moved a living one by mistake puts it back. */
function breakLock(deadPids) {
  const aside = `${lockFolder}.${process.pid}`
  try {
    renameSync(lockFolder, aside)
    if (lockHolder(aside).pids !== deadPids) renameSync(aside, lockFolder)
    else rmSync(aside, { recursive: true, force: true })
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

/** npm brings Node by an install script, which a cautious configuration forbids. */
function checkNode() {
  if (nodeMajor >= RUN_NODE_MAJOR || isExecutable(join(installed, 'node', 'bin', 'node'))) return
  throw new SetupError(
    `Biplane runs on Node ${RUN_NODE_MAJOR}; this is ${process.version}. The npm package \`node\` brings it, but its install script\n` +
      'did not run: npm is configured not to run any (`npm config get ignore-scripts`). Allow this one, once:\n\n' +
      '  npm rebuild node --ignore-scripts=false\n\n' +
      `or install Node ${RUN_NODE_MAJOR} or newer yourself, from https://nodejs.org.`,
  )
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
