// A real runtime, with a data folder and realms of its own. The realms are written as files and loaded by the runtime: a test
// of a surface imports nothing of them, as the surface itself does not.

import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type NodeProcess, ROOT, startProcess } from './node-process.ts'

export interface RuntimeProcess extends AsyncDisposable {
  /** Stays the same over restarts. */
  url: string
  /** Its data, its configuration and its realms. */
  folder: string
  kill(): Promise<void>
  /** Starts again on the same address and data, perhaps with other realms. */
  start(realm?: string): Promise<void>
}

export async function startRuntime(realm: string, env: Record<string, string> = {}): Promise<RuntimeProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-client-'))
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'runtime.config.ts'), "export default { realms: ['./realm.ts'] }\n")
  const write = (source: string) => writeFile(join(folder, 'realm.ts'), source)
  const run = (port: string) =>
    startProcess({
      main: 'runtime/src/main.ts',
      env: {
        BIPLANE_CONFIG: join(folder, 'runtime.config.ts'),
        BIPLANE_DATA: join(folder, 'data'),
        BIPLANE_LOG: 'error',
        RUNTIME_PORT: port,
        ...env,
      },
    })

  await write(realm)
  let running: NodeProcess | null = await run('0')
  const { url } = running
  const kill = async () => {
    await running?.end('SIGKILL')
    running = null
  }
  return {
    url,
    folder,
    kill,
    async start(changed) {
      if (changed !== undefined) await write(changed)
      await kill()
      running = await run(new URL(url).port)
    },
    async [Symbol.asyncDispose]() {
      await running?.[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    },
  }
}
