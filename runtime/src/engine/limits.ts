// Bounds of the engine. Each has the code of the error that it ends in.

/** Executions in memory at once, of one tenant that is alone; above it an intent is refused with `overloaded`. */
export const LIVE_EXECUTIONS_MAX = 20_000
/** Executions that wait for their turn, of one tenant that is alone; above it an intent is refused with `overloaded`. */
export const QUEUED_EXECUTIONS_MAX = 100_000
/** Keys of limits that say something at the moment; above it an intent of another one is refused with `overloaded`. */
export const LANES_MAX = 200_000
/** JSON text of what a step returns; above it the step fails with `step.result_too_large`. */
export const STEP_RESULT_BYTES_MAX = 256 * 1024
/** Entries of one execution; above it the execution, or the step that adds them, fails with `execution.too_long`. */
export const ENTRIES_MAX = 100_000
/** How long a step may go on after it was aborted before it is left behind. */
export const ABORT_GRACE_MS = 5_000
/** How long a handler may go on after a cooperative cancel before its saga is undone without it. */
export const CANCEL_GRACE_MS = 30_000
/** Deaths of the process while it ran an execution, without any progress in between; then that parks with `execution.poisoned`. */
export const DEATHS_MAX = 3
/** Attempts of an undo before the execution parks. */
export const UNDO_ATTEMPTS_MAX = 5
/** Progress becomes an entry at most this often. */
export const PROGRESS_EVERY_MS = 500
/** What a handler noted goes out after this long if nothing else was committed. */
export const FLUSH_AFTER_MS = 20
/** Signals that one execution keeps, taken or not; above it a signal is refused with `signals_too_many`. */
export const SIGNALS_MAX = 1_000
/** How deep executions may call each other; below it a call fails with `call.too_deep`. */
export const CALL_DEPTH_MAX = 32
/** Forks of forks that are looked into. */
export const FORK_DEPTH_MAX = 16
/** How long a parent that is undone waits for the end of the children that it cancelled. */
export const CHILD_GRACE_MS = 60_000
/** Chunks of a step's stream go out after this long, or when there are so many characters of them. */
export const CHUNKS_AFTER_MS = 50
export const CHUNK_CHARS_MAX = 16 * 1024
/** An execution that sleeps longer leaves memory and comes back by replay. */
export const STAY_AWAKE_MS = 5_000
/** Beginnings that are read at a time after a start. */
export const LIST_BEGUN = 1_000
/** Executions that are read and replayed at the same time after a start. */
export const RECOVER_AT_ONCE = 64
/** Entries read at a time when an execution is loaded. */
export const LOAD_ENTRIES = 1_000
/** Between two attempts to commit while the disk is full or the store is busy. */
export const RECORD_RETRY_MS = 1_000
