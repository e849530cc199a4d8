// Many readers of many logs through everything that may befall them; in the end each must have been given the log, whole and in
// order. Readers leave the quiet sessions only by accident; the loud ones are there for those that stand still.

import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { startGateway, startRuntime } from '../planes.ts'
import { gather } from './crowd.ts'
import { readLog, settled } from './log.ts'
import { MortalPlane } from './mortal-plane.ts'
import { watch } from './pulse.ts'
import { Records } from './record.ts'
import type { Subscriber } from './subscriber.ts'
import { Writers } from './writers.ts'

const LOUD_SESSIONS = 2
/** When nothing is written any more, whoever lags comes up with the log within this. */
const CATCH_UP_MS_MAX = 120_000
const LOOK_EVERY_MS = 200
/** Between two deaths all of them have come back. */
const KILL_PAUSE_MS_MIN = 2_000

export interface SoakOptions {
  subscribers: number
  sessions: number
  seconds: number
  /** Intents a second, of six events each. */
  perSecond: number
  /** Each plane dies so often. */
  kills: number
  /** On average, of each connection; after that its reader stays away up to so long. */
  breaksAfterMs: number
  comeBackMsMax: number
  chance: () => number
  say: (text: string) => void
}

export interface SoakReport {
  streams: number
  connections: number
  events: number
  logged: number
  /** Subscribers that did not reach the end of the log. */
  late: number
  missed: number
  repeated: number
  other: number
  wrongs: string[]
  kills: { runtime: number; gateway: number }
  /** Of stuck readers, how many connections were closed by the other side. */
  closedStuck: number
  stalls: { runtime: number[]; gateway: number[] }
  /** Bytes of the gateway's resident memory for each stream that it serves; null where the system does not say. */
  bytesPerStream: number | null
}

export async function soak(folder: string, options: SoakOptions): Promise<SoakReport> {
  const config = join(import.meta.dirname, 'runtime.config.ts')
  await using runtime = await MortalPlane.start('runtime', (port) =>
    startRuntime(folder, { RUNTIME_PORT: port, BIPLANE_CONFIG: config }),
  )
  await using gateway = await MortalPlane.start('gateway', (port) => startGateway(runtime.url, { GATEWAY_PORT: port }))
  const records = new Records()
  const writers = new Writers(runtime.url)
  const sessions = await writers.openSessions(options.sessions + LOUD_SESSIONS)
  const [loud, quiet] = [sessions.slice(0, LOUD_SESSIONS), sessions.slice(LOUD_SESSIONS)]
  const { subscribers: count, breaksAfterMs, comeBackMsMax } = options
  const how = { count, breaksAfterMs, comeBackMsMax }
  const subscribers = gather(gateway.url, quiet, loud, how, records, options.chance)

  const [writing, ending] = [new AbortController(), new AbortController()]
  const empty = gateway.memory()
  const stalls = Promise.all([watch(runtime, ending.signal), watch(gateway, ending.signal)])
  const written = writers.write(quiet, loud, options.perSecond, writing.signal)
  const reading = Promise.all(subscribers.map((subscriber) => subscriber.run(ending.signal)))
  await Promise.race([live(options, runtime, gateway, subscribers, records), reading])
  writing.abort()
  await written
  const full = gateway.memory()
  options.say(`${writers.submitted} intents submitted; waiting for the last events`)
  const ends = await readLogs(runtime.url, sessions, records)
  const late = await comeUp(subscribers, ends)
  ending.abort()
  await reading
  const [ofRuntime, ofGateway] = await stalls
  const streams = subscribers.reduce((sum, { places }) => sum + places.length, 0)
  return {
    streams,
    connections: connectionsOf(subscribers),
    logged: [...ends.values()].reduce((sum, length) => sum + length, 0),
    late,
    ...records.counts,
    wrongs: records.wrongs,
    kills: { runtime: runtime.kills, gateway: gateway.kills },
    closedStuck: subscribers.reduce((sum, { manner, connections }) => sum + (manner.isStuck ? connections - 1 : 0), 0),
    stalls: { runtime: ofRuntime, gateway: ofGateway },
    bytesPerStream: full === null || empty === null ? null : (full - empty) / streams,
  }
}

const connectionsOf = (subscribers: readonly Subscriber[]): number =>
  subscribers.reduce((sum, { connections }) => sum + connections, 0)

/** Compares the logs, whole now, with what was given. Answers how long each is. */
async function readLogs(runtime: string, sessions: string[], records: Records): Promise<Map<string, number>> {
  await settled(runtime)
  const ends = new Map<string, number>()
  for (const session of sessions) {
    const log = await readLog(runtime, session)
    log.forEach((event, i) => {
      records.compare('the log', event)
      if (event.seq !== i + 1) records.wrong('other', `the log of ${session} has ${event.seq} at ${i + 1}`)
    })
    ends.set(session, log.length)
  }
  return ends
}

/** Lets time pass, and kills one plane after the other in it. */
async function live(
  { seconds, kills, chance, say }: SoakOptions,
  runtime: MortalPlane,
  gateway: MortalPlane,
  subscribers: readonly Subscriber[],
  { counts }: Records,
): Promise<void> {
  const part = (seconds * 1000) / (kills * 2 + 1)
  for (let i = 0; i < kills * 2; i++) {
    const pause = Math.max(KILL_PAUSE_MS_MIN, part * (0.5 + chance()))
    await sleep(pause)
    const plane = i % 2 === 0 ? gateway : runtime
    await plane.killAndRestart()
    const so = `${counts.events} events given over ${connectionsOf(subscribers)} connections`
    say(`the ${plane.name} was killed and is back; ${so}`)
  }
  await sleep(part)
}

/** Answers how many did not come to the end of the log in time. Those that stand still cannot. */
async function comeUp(subscribers: readonly Subscriber[], ends: ReadonlyMap<string, number>): Promise<number> {
  const isBehind = ({ manner, places }: Subscriber) =>
    !manner.isStuck && places.some(({ sessionId, seq }) => seq < (ends.get(sessionId) ?? Infinity))
  const until = performance.now() + CATCH_UP_MS_MAX
  while (performance.now() < until && subscribers.some(isBehind)) await sleep(LOOK_EVERY_MS)
  return subscribers.filter(isBehind).length
}
