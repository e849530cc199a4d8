// The Experience Plane's own program, as a process that can be killed and started again at its address.

import { type NodeProcess, startProcess } from '@biplane/client/testing'

export interface GatewayProcess extends AsyncDisposable {
  readonly url: string
  pid(): number
  /** As a power switch would. */
  kill(): Promise<void>
  start(): Promise<void>
}

export interface GatewayOptions {
  runtimeUrl: string
  /** Where uploads that are not whole yet are kept. */
  folder: string
  /** Such as `--only rest`. Without any it is what experience.config.ts says: all surfaces. */
  args?: readonly string[]
}

export async function startGateway({ runtimeUrl, folder, args = [] }: GatewayOptions): Promise<GatewayProcess> {
  const run = (port: string): Promise<NodeProcess> =>
    startProcess({
      main: 'experience/gateway/src/main.ts',
      args,
      env: { RUNTIME_URL: runtimeUrl, GATEWAY_PORT: port, BIPLANE_UPLOADS: folder, BIPLANE_LOG: 'error' },
    })
  let running = await run('0')
  const { url } = running
  return {
    url,
    pid: () => running.pid,
    kill: async () => void (await running.end('SIGKILL')),
    start: async () => void (running = await run(new URL(url).port)),
    [Symbol.asyncDispose]: async () => void (await running.end('SIGTERM')),
  }
}
