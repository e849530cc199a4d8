// Figures as people read them.

const KIB = 1024
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB']

export function sizeOf(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= KIB && unit < UNITS.length - 1) {
    size /= KIB
    unit++
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${UNITS[unit]}`
}

export function durationOf(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`
}

export const count = (value: number): string => value.toLocaleString('en-US')

/** `1 row`, `2 rows`. */
export const plural = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`
