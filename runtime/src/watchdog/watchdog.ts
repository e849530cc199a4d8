// Names what blocks the event loop, while it is blocked: a thread of its own looks whether the loop turns.

import { Worker } from 'node:worker_threads'

import type { Log, Watch } from '../engine/ports.ts'
import { Pulse } from './pulse.ts'
import type { ToMain, WatchdogSetup } from './watchdog-thread.ts'

/** A loop that has not turned for so long is blocked. */
const BLOCKED_AFTER_MS = 1_000
/** How often, within that time, the loop beats and the thread looks. */
const LOOKS = 4

/** Sources run as they are in this repository, and as JavaScript once they are packed. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

export interface WatchdogOptions {
  /** Told when a block is over. While it lasts only the thread can speak, which writes to standard output. */
  log: Log
  blockedAfterMs?: number
}

export interface Watchdog extends Watch {
  close(): Promise<void>
}

/** Watches the loop of the thread that calls it. Does not keep the process alive. */
export function startWatchdog({ log, blockedAfterMs = BLOCKED_AFTER_MS }: WatchdogOptions): Watchdog {
  const pulse = new Pulse()
  const everyMs = blockedAfterMs / LOOKS
  const beating = setInterval(() => pulse.beat(), everyMs).unref()
  const setup: WatchdogSetup = { memory: pulse.memory, blockedAfterMs, everyMs }
  const worker = startThread(setup, log)
  return {
    enter: (what) => pulse.enter(what),
    leave: () => pulse.leave(),
    async close() {
      clearInterval(beating)
      await worker.terminate()
    },
  }
}

function startThread(workerData: WatchdogSetup, log: Log): Worker {
  const worker = new Worker(new URL(`./watchdog-thread.${EXTENSION}`, import.meta.url), {
    workerData,
    name: 'watchdog',
  })
  worker.on('message', ({ fields, message }: ToMain) => log.warn(fields, message))
  worker.on('error', (error) => {
    log.error(
      { error: String(error) },
      'the watchdog has stopped: until the next start nothing names what blocks the loop',
    )
  })
  worker.unref()
  return worker
}
