import type { Watch } from '../engine/ports.ts'

/** Nobody looks: for tests, the simulator, and a runtime without a watchdog. */
export const unwatched: Watch = { enter: () => {}, leave: () => {} }
