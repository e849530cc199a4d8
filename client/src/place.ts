// A place in a log as a number: that of the last event before it. Our own reading of offsets, which are opaque to others.

import { parseOffset } from '@biplane/protocol'

/** Of an offset that is not `now`. */
export function placeOf(offset: string): number {
  const place = parseOffset(offset)
  return typeof place === 'number' ? place : 0
}
