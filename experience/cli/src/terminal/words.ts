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
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

export const count = (value: number): string => value.toLocaleString('en-US')

/** `1 row`, `2 rows`. */
export const plural = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`
