// biplane dev: both planes here, as two processes, until Ctrl-C. The runtime's own program reloads realms when they are saved; this one
// starts it and the gateway, and tells how what the realms can do is called.

import { once } from 'node:events'

import type { Command } from 'commander'

import { runHere } from './run-here.ts'
import { Guide } from './dev-guide.ts'
import { DevPlane } from './dev-plane.ts'
import { EXIT } from '../exit-code.ts'
import { findBin } from './find-bin.ts'

export const addDev = (program: Command): Command =>
  program
    .command('dev')
    .description('run both planes in this folder, and reload realms when they are saved')
    .action((_options: object, command: Command) =>
      runHere(() => dev(command.optsWithGlobals<{ tenant: string }>().tenant)),
    )

async function dev(tenant: string): Promise<number> {
  const runtimeProgram = findBin('@biplane/runtime', 'biplane-runtime')
  const gatewayProgram = findBin('@biplane/gateway', 'biplane-experience')
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort())
  const stopped = once(stopping.signal, 'abort').then(() => EXIT.done)
  const guide = new Guide(tenant)
  const began = Promise.withResolvers<string>()

  const runtime = new DevPlane({
    name: 'runtime',
    command: [runtimeProgram, 'dev'],
    env: process.env,
    onListening(url) {
      began.resolve(url)
      guide.look()
    },
  })
  let gateway: DevPlane | null = null
  try {
    const first = await Promise.race([began.promise, runtime.ended, stopped])
    if (typeof first === 'number') return first
    gateway = new DevPlane({
      name: 'experience',
      command: [gatewayProgram],
      env: { ...process.env, RUNTIME_URL: first },
      onListening: (url) => guide.begin(url),
    })
    return await Promise.race([runtime.ended, gateway.ended, stopped])
  } finally {
    guide.end()
    if (gateway !== null && !stopping.signal.aborted) process.stderr.write('A plane has ended; stopping the other.\n')
    if (stopping.signal.aborted) process.stderr.write('\nStopping: the experience, then the runtime …\n')
    await gateway?.stop()
    await runtime.stop()
    if (stopping.signal.aborted) process.stderr.write('Stopped.\n')
  }
}
