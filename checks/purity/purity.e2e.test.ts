// Each process of the Experience Plane does all of its work while Node lets it read its own folders and its dependencies, and nothing
// else: it cannot hold a line of the Runtime Plane, for it cannot even see one.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'

import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

import { type Plane, startRuntime, stop } from '../planes.ts'
import { ROOT } from '../repository.ts'
import { type Scratch, makeScratch } from '../scratch.ts'
import { type StartedPlane, startPlane } from '../started-plane.ts'
import { dependencyFolders } from './dependency-folders.ts'

const run = promisify(execFile)
const GATEWAY = join(ROOT, 'experience/gateway')
const CLI = join(ROOT, 'experience/cli')
/** The apps, which stand in one process with the gateway. */
const WEB = join(ROOT, 'experience/web')
/** What Node reads on its way to a package, and the configuration of surfaces. */
const SIGNPOSTS = ['package.json', 'experience.config.ts', 'node_modules/@biplane'].map((path) => join(ROOT, path))

let scratch: Scratch
let runtime: Plane
let gateway: StartedPlane | undefined
let url: string

/** For NODE_OPTIONS: the permission to read these and to write nowhere but in `writable`. */
function permissions(folders: readonly string[], writable: string): string {
  const readable = [...folders, ...SIGNPOSTS, writable]
  return ['--permission', ...readable.map((path) => `--allow-fs-read=${path}`), `--allow-fs-write=${writable}`].join(
    ' ',
  )
}

before(async () => {
  scratch = makeScratch()
  writeFileSync(join(scratch.path, 'orders.csv'), 'order_id,customer_id\n1,7\n2,8\n')
  writeFileSync(join(scratch.path, 'customers.csv'), 'customer_id,name\n7,Ada\n8,Grace\n')
  runtime = await startRuntime(scratch.path, { BIPLANE_CONFIG: join(ROOT, 'runtime.config.ts') })
  gateway = await startPlane(ROOT, join(GATEWAY, 'src/main.ts'), {
    NODE_OPTIONS: permissions(dependencyFolders(WEB), scratch.path),
    RUNTIME_URL: runtime.url,
    GATEWAY_PORT: '0',
    BIPLANE_UPLOADS: join(scratch.path, 'uploads'),
    BIPLANE_LOG: 'error',
  })
  url = `${gateway.url}/v1`
})

after(async () => {
  // The runtime must end also where the gateway did not start.
  await gateway?.[Symbol.asyncDispose]()
  await stop(runtime)
  scratch[Symbol.dispose]()
})

const underPermissions = (folder: string, args: string[]) =>
  run(process.execPath, args, {
    cwd: scratch.path,
    env: {
      ...process.env,
      NODE_OPTIONS: permissions(dependencyFolders(folder), scratch.path),
      BIPLANE_URL: url,
      XDG_CACHE_HOME: join(scratch.path, 'cache'),
    },
  })

test('a gateway and a command line that can read nothing of the runtime take two files to a product', async () => {
  const uploaded = async (file: string): Promise<string> => {
    const { stdout } = await underPermissions(CLI, [join(CLI, 'src/main.ts'), 'upload', file, '--follow', '--json'])
    return /"content_id":"(\w+)"/.exec(stdout)?.[1] ?? assert.fail(stdout)
  }
  const ids = [await uploaded('orders.csv'), await uploaded('customers.csv')]
  const { stdout } = await underPermissions(CLI, [join(CLI, 'src/main.ts'), 'mash', ...ids, '--json'])
  assert.match(stdout, /"product_id":"prd_/)
})

test('an agent’s host starts a process that can read nothing of the runtime, and has its tools', async () => {
  const client = new Client({ name: 'purity', version: '1' })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(GATEWAY, 'src/mcp/main.ts'), '--tenant', 'acme'],
    cwd: scratch.path,
    env: { NODE_OPTIONS: permissions(dependencyFolders(GATEWAY), scratch.path), BIPLANE_URL: url },
    stderr: 'inherit',
  })
  await client.connect(transport)
  const { tools } = await client.listTools()
  await client.close()
  const names = tools.map(({ name }) => name)
  for (const name of ['content_upload', 'data_mash_create', 'execution_result']) assert.ok(names.includes(name), name)
})

test('the permissions hold: reading a file of the runtime is denied', async () => {
  const peek = `require('node:fs').readFileSync(${JSON.stringify(join(ROOT, 'runtime/src/main.ts'))})`
  await assert.rejects(underPermissions(GATEWAY, ['-e', peek]), /ERR_ACCESS_DENIED/)
})

test('no dependency of an experience, however far, is a package of the runtime or a realm', () => {
  for (const folder of [GATEWAY, WEB, CLI]) {
    const folders = dependencyFolders(folder)
    assert.ok(folders.length > 10, 'too few folders were found')
    assert.deepEqual(
      folders.filter((each) => /\/(runtime|realm|realms)(\/|$)/.test(each.slice(ROOT.length - 1))),
      [],
    )
  }
})
