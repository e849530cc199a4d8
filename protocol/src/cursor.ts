// Cursors of live reads. A cache between a reader and us may answer one request for many readers who ask the same; a cursor in the
// address makes them ask the same for a while and something else afterwards, so that no reader is given one old answer for ever.

/** Time counts in intervals from here: 9 October 2024, as the protocol says. */
const EPOCH_MS = Date.UTC(2024, 9, 9)
const INTERVAL_MS = 20_000
/** A reader whose cursor is not in the past is sent ahead by chance, up to so far. */
const AHEAD_MS_MAX = 3_600_000
/** Longer ones were not given here. */
const DIGITS_MAX = 12

export const presentCursor = (now_ms: number): number => Math.floor((now_ms - EPOCH_MS) / INTERVAL_MS)

/** The cursor to answer with: the present, and always later than the one that was sent. `random`: from 0 up to 1. */
export function cursorAfter(sent: string | undefined, now_ms: number, random: () => number): number {
  const present = presentCursor(now_ms)
  if (sent === undefined || !isCursor(sent) || Number(sent) < present) return present
  return Number(sent) + 1 + Math.floor((random() * AHEAD_MS_MAX) / INTERVAL_MS)
}

const isCursor = (text: string): boolean => /^\d+$/.test(text) && text.length <= DIGITS_MAX
