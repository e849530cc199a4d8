// How long after its commit an event is with its reader, at a steady rate over many sessions with a reader each.

import { setTimeout as sleep } from 'node:timers/promises'

import { follow, many } from './reader.ts'
import { ascending, openSession, quantile, submit } from './talk.ts'

const SESSIONS = 100
const EVENTS_PER_SECOND = 1_000
const TALK = 10
/** Each thought is a step and what is said; the execution itself has three more. */
const EVENTS_PER_EXECUTION = 2 * TALK + 3

export interface Latency {
  perSecond: number
  p50_ms: number
  p99_ms: number
}

export async function measureLatency(runtime: string, gateway: string, seconds: number): Promise<Latency> {
  const sessions = await many(SESSIONS, () => openSession(runtime))
  const delays: number[] = []
  // `time` is of the commit, in whole milliseconds, rounded down.
  const hear = (time: string) => delays.push(performance.timeOrigin + performance.now() - Date.parse(time))
  const sockets = await many(SESSIONS, (i) => follow(gateway, sessions[i]!, ({ event }) => hear(event.time)))
  const began = performance.now()
  const executions = Math.round((EVENTS_PER_SECOND * seconds) / EVENTS_PER_EXECUTION)
  const submitted: Promise<string>[] = []
  for (let i = 0; i < executions; i++) {
    const due = began + (i / executions) * seconds * 1000 - performance.now()
    if (due > 0) await sleep(due)
    submitted.push(submit(runtime, 'bench.talk', sessions[i % SESSIONS]!, TALK, true))
  }
  await Promise.all(submitted)
  const perSecond = (delays.length / (performance.now() - began)) * 1000
  sockets.forEach((socket) => socket.terminate())
  const sorted = ascending(delays)
  return { perSecond, p50_ms: quantile(sorted, 0.5), p99_ms: quantile(sorted, 0.99) }
}
