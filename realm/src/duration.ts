import type { Duration } from './context.ts'

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds. @throws Error if `duration` is not one */
export function toMs(duration: Duration): number {
  if (typeof duration === 'number') {
    if (Number.isFinite(duration) && duration >= 0) return duration
    throw new Error(`A duration must be a number of milliseconds from 0 on, not ${duration}.`)
  }
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration)
  if (!match) throw new Error(`A duration looks like 500ms, 30s, 5m, 2h or 7d, not "${duration}".`)
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]
}
