// How long the event loop of a plane stood still at worst, asked of its own metrics again and again: they begin anew each time.

import { setTimeout as sleep } from 'node:timers/promises'

import type { MortalPlane } from './mortal-plane.ts'

const EVERY_MS = 1_000
const LAG = /^nodejs_eventloop_lag_max_seconds (\S+)$/m

/** In milliseconds, one for each look that was answered, until `stop`. A plane that is down is not asked; the first answer of its new life counts its start, and is left out. */
export async function watch(plane: MortalPlane, stop: AbortSignal): Promise<number[]> {
  const stalls: number[] = []
  let life = -1
  while (!stop.aborted) {
    const { kills } = plane
    const text = await metricsOf(plane.url, stop)
    if (text !== null && life === kills) stalls.push(Number(LAG.exec(text)?.[1]) * 1000)
    if (text !== null) life = kills
    await sleep(EVERY_MS, undefined, { signal: stop }).catch(() => {})
  }
  return stalls
}

async function metricsOf(url: string, signal: AbortSignal): Promise<string | null> {
  try {
    return await (await fetch(`${url}/metrics`, { signal })).text()
  } catch {
    return null
  }
}
