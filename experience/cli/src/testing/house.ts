// Both planes as processes, with the realm of the tests, and the command as a person and a script run it: a process too.

import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import { type Client, createClient } from '@biplane/client'
import { type NodeProcess, ROOT, type RuntimeProcess, startProcess, startRuntime } from '@biplane/client/testing'

import { SHOP_REALM } from './shop-realm.ts'

const MAIN = join(ROOT, 'experience/cli/src/main.ts')

export interface Ran {
  code: number | null
  out: string
  err: string
}

export interface House extends AsyncDisposable {
  runtime: RuntimeProcess
  gateway: NodeProcess
  /** Of the gateway, as `--url` takes it. */
  url: string
  /** Where commands are run, and what they leave. */
  folder: string
  /** The tenant that commands speak of if nothing else is said. */
  client: Client
  biplane(args: readonly string[], how?: { input?: string; env?: Record<string, string> }): Promise<Ran>
  /** What a process of the command needs in its environment, and the words that start it. */
  env(): NodeJS.ProcessEnv
  command(args: readonly string[]): [program: string, words: string[]]
}

export async function openHouse(
  runtimeEnv: Record<string, string> = {},
  gatewayEnv: Record<string, string> = {},
): Promise<House> {
  const runtime = await startRuntime(SHOP_REALM, runtimeEnv)
  const folder = join(runtime.folder, 'work')
  await mkdir(folder)
  const config = join(folder, 'experience.config.ts')
  await writeFile(config, "export default { surfaces: ['rest'] }\n")
  const gateway = await startProcess({
    main: 'experience/gateway/src/main.ts',
    args: ['--config', config],
    env: { RUNTIME_URL: runtime.url, GATEWAY_PORT: '0', BIPLANE_LOG: 'error', ...gatewayEnv },
    cwd: folder,
  })
  const url = `${gateway.url}/v1`
  const env = (): NodeJS.ProcessEnv => ({
    ...process.env,
    NODE_TEST_CONTEXT: undefined,
    BIPLANE_URL: url,
    XDG_CACHE_HOME: join(folder, 'cache'),
    // The same program is started again and again: half of its time would go into compiling it.
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(folder, 'compiled'),
    COLUMNS: undefined,
  })
  const command = (args: readonly string[]): [string, string[]] => [process.execPath, [MAIN, ...args]]
  const biplane: House['biplane'] = async (args, { input = '', env: more = {} } = {}) => {
    const child = spawn(...command(args), { cwd: folder, env: { ...env(), ...more } })
    child.stdin.on('error', () => {}).end(input)
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), closed])
    return { code, out, err }
  }
  // Tests run several at once, and each would compile for itself.
  await biplane(['--version'])
  return {
    runtime,
    gateway,
    url,
    folder,
    client: createClient({ url, tenantId: 'demo' }),
    env,
    command,
    biplane,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]()
      await runtime[Symbol.asyncDispose]()
    },
  }
}

/** The documents that a command printed, one a line. */
// oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
export const documentsOf = ({ out }: Ran): any[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
