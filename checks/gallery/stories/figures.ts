// What a story measures of its process.

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const BYTES_PER_MB = 1024 * 1024

/** What the process holds, after the garbage was collected. */
export function heldMb(): number {
  collect()
  return process.memoryUsage().heapUsed / BYTES_PER_MB
}
