// Where a time stands on the track. Even: as long as it took. Shortened: a long wait takes less room than it took, so that what happened
// in between can still be seen.

export interface TimeScale {
  /** 0 to 1. */
  at(ms: number): number
  /** The time at a place between 0 and 1. */
  timeAt(place: number): number
}

/** `timesMs`: when something begins or ends, the beginning and the end of all among them. */
export function timeScale(timesMs: readonly number[], isShortened: boolean): TimeScale {
  const points = [...new Set(timesMs)].sort((a, b) => a - b)
  const weigh = isShortened ? Math.log1p : (gap: number) => gap
  const places = [0]
  for (let i = 1; i < points.length; i++)
    places.push((places[i - 1] ?? 0) + weigh((points[i] ?? 0) - (points[i - 1] ?? 0)))
  const whole = places.at(-1) || 1
  return {
    at: (ms) => between(points, places, ms) / whole,
    timeAt: (place) => between(places, points, place * whole),
  }
}

/** Whether one wait is so long that all else would be too small to see. */
export function isLopsided(timesMs: readonly number[]): boolean {
  const points = [...new Set(timesMs)].sort((a, b) => a - b)
  const whole = (points.at(-1) ?? 0) - (points[0] ?? 0)
  const longest = Math.max(0, ...points.slice(1).map((ms, i) => ms - (points[i] ?? 0)))
  return points.length > 3 && longest > LOPSIDED_PART * whole
}

const LOPSIDED_PART = 0.6

/** What `value` of `from` is in `to`, by the straight line between the two points around it. Both rise. */
function between(from: readonly number[], to: readonly number[], value: number): number {
  const last = from.length - 1
  const found = from.findIndex((point) => point >= value)
  const end = found === -1 ? last : found
  const [x0, x1, y0, y1] = [from[end - 1], from[end] ?? 0, to[end - 1], to[end] ?? 0]
  if (x0 === undefined || y0 === undefined || x1 === x0) return y1
  return y0 + ((Math.min(value, x1) - x0) / (x1 - x0)) * (y1 - y0)
}
