// The thread that watches. While the main thread is blocked it writes to the log itself; that it is over is said by the main
// thread, whose log may be another than ours.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads'

import type { Log } from '../engine/ports.ts'
import { Pulse, type RealmCode } from './pulse.ts'
import { type Report, reportOf } from './report.ts'
import { Stall } from './stall.ts'

export interface WatchdogSetup {
  memory: SharedArrayBuffer
  blockedAfterMs: number
  everyMs: number
}

/** What the main thread is sent once the loop turns again. */
export type ToMain = Report

const port = parentPort as MessagePort
const { memory, blockedAfterMs, everyMs } = workerData as WatchdogSetup
const pulse = new Pulse(memory)
const stall = new Stall(blockedAfterMs, everyMs, pulse.beats, performance.now())
let suspect: RealmCode | null = null
let log: Promise<Log> | null = null

setInterval(() => void look(), everyMs)

async function look(): Promise<void> {
  const finding = stall.look(pulse.beats, performance.now())
  if (!finding) return
  if (finding.kind === 'blocked') suspect = pulse.entered()
  const report = reportOf(finding, suspect)
  log ??= openLog()
  const written = await log
  if (finding.kind === 'blocked') written.warn(report.fields, report.message)
  else port.postMessage(report satisfies ToMain)
}

/** Loaded when there is first something to say: in most processes, never. */
async function openLog(): Promise<Log> {
  const { systemLog } = await import('../system.ts')
  return systemLog()
}
