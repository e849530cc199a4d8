// What an app stands on: the real runtime with the real realms, and the gateway that serves the app, each a process that can be killed.

import { join } from 'node:path'

import { type Client, createClient } from '@biplane/client'
import { type NodeProcess, ROOT, type RuntimeProcess, startProcess, startRuntime } from '@biplane/client/testing'

export interface House extends AsyncDisposable {
  runtime: RuntimeProcess
  /** Where the app is. Stays the same over restarts. */
  url: string
  /** For what is to be there before a page is opened. */
  client: Client
  killGateway(): Promise<void>
  startGateway(): Promise<void>
}

const CONFIGS = { studio: 'experience.config.ts', console: 'console.config.ts' }

const SHIPPED_REALMS = { BIPLANE_CONFIG: join(ROOT, 'runtime.config.ts') }

/** The tenant is `demo`, as it is in a browser that was never told another. `realm`: the source of one, instead of those that ship. */
export async function openHouse(
  app: keyof typeof CONFIGS,
  runtimeEnv: Record<string, string> = {},
  gatewayEnv: Record<string, string> = {},
  realm?: string,
): Promise<House> {
  const runtime = await startRuntime(realm ?? '', { ...(realm === undefined && SHIPPED_REALMS), ...runtimeEnv })
  const run = (port: string) =>
    startProcess({
      main: 'experience/gateway/src/main.ts',
      args: ['--config', join(ROOT, CONFIGS[app])],
      env: {
        RUNTIME_URL: runtime.url,
        [app === 'console' ? 'CONSOLE_PORT' : 'GATEWAY_PORT']: port,
        BIPLANE_UPLOADS: join(runtime.folder, 'uploads'),
        BIPLANE_LOG: 'error',
        ...gatewayEnv,
      },
    })
  let gateway: NodeProcess | null = await run('0')
  const { url } = gateway
  const killGateway = async () => {
    await gateway?.end('SIGKILL')
    gateway = null
  }
  return {
    runtime,
    url,
    client: createClient({ url: `${url}/v1`, tenantId: 'demo' }),
    killGateway,
    async startGateway() {
      await killGateway()
      gateway = await run(new URL(url).port)
    },
    async [Symbol.asyncDispose]() {
      await gateway?.[Symbol.asyncDispose]()
      await runtime[Symbol.asyncDispose]()
    },
  }
}
