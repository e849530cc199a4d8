// One runtime, and six surfaces that know nothing of one another: each is a process of its own, or one for each command.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Plane, killNow, startRuntime } from '../planes.ts'
import { ROOT } from '../repository.ts'
import { startGateway } from './gateway-process.ts'
import { overCommandLine } from './over-command-line.ts'
import { overMcp } from './over-mcp.ts'
import { overPaper } from './over-paper.ts'
import { overPolling, overServerSentEvents } from './over-rest.ts'
import { overSocket } from './over-socket.ts'
import type { Surface } from './surface.ts'
import { openTeleprinter } from './teleprinter.ts'
import { openTerminal } from './terminal.ts'

/** A surface, and what it runs as. */
export interface Stand {
  surface: Surface
  /** Of its process; null if it has one for each command. */
  pid(): number | null
  /** As a power switch would. */
  kill(): Promise<void>
  start(): Promise<void>
}

export interface House extends AsyncDisposable {
  runtime: Plane
  stands: readonly Stand[]
}

export async function openHouse(): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-surfaces-'))
  // Dozens of processes are started from here, and what they compile is the same each time.
  process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled')
  const runtime = await startRuntime(folder, { BIPLANE_CONFIG: join(ROOT, 'runtime.config.ts') })
  const only = (surface: string) => startGateway({ runtimeUrl: runtime.url, folder, args: ['--only', surface] })
  const gateways = await Promise.all([only('rest'), only('rest'), only('websocket'), only('mcp')] as const)
  const [polled, listened, socket, mcp] = gateways
  const terminal = openTerminal(`${runtime.url}/api`, folder)
  const teleprinter = openTeleprinter(runtime.url)
  return {
    runtime,
    stands: [
      { ...polled, surface: overPolling(polled.url) },
      { ...listened, surface: overServerSentEvents(listened.url) },
      { ...socket, surface: overSocket(socket.url) },
      { ...mcp, surface: await overMcp(mcp.url) },
      { ...terminal, surface: overCommandLine(terminal) },
      { ...teleprinter, surface: overPaper(teleprinter) },
    ],
    async [Symbol.asyncDispose]() {
      await Promise.all([
        terminal.kill(),
        teleprinter.kill(),
        ...gateways.map((gateway) => gateway[Symbol.asyncDispose]()),
      ])
      // Whatever it may be stuck in when a test has failed.
      await killNow(runtime)
      await rm(folder, { recursive: true })
    },
  }
}
