// The rules by which a handler is handed its records. A change of them that an execution under way could notice gets the next
// number and a line here; an execution keeps those it began under, which its first entry names. None is ever taken away, and one
// that began under a number not known here is not run.
//
//   1  Records one at a time in the order of the log, microtasks drained in between; chance seeded with the execution and the
//      last record; calls known by ordinal and name, or by name and key.

export const REPLAY = 1
