// The rules by which a handler is handed its records. A change of them that an execution under way could notice gets the next
// number and a line here; an execution keeps those it began under, which its first entry names. None is ever taken away, and one
// that began under a number not known here is not run.
//
//   1  Records one at a time in the order of the log, microtasks drained in between; chance seeded with the execution and the
//      last record; calls known by ordinal and name, or by name and key.
//   2  A handler makes at most CALLS_MAX calls, and notes at most NOTED_CHARS_MAX between two records (run.ts): the call that is too
//      many throws.

export const REPLAY = 2
/** From these rules on, what a handler asks for is bounded at its calls. */
export const REPLAY_BOUNDED = 2
