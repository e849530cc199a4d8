// Every bound of the SQLite store.

/** Commands that begin new work and wait for an answer; one more is refused with StoreBusy. 80,000 a second pass a fast disk. */
export const NEW_WAITING_MAX = 4_096
/** Commands of any kind that wait: larger, so that work which was accepted can go on when new work is refused. */
export const WAITING_MAX = 65_536
/** Characters of entries in commands that wait. */
export const WAITING_CHARS_MAX = 256 * 1024 * 1024
/** The same when new work comes. */
export const NEW_WAITING_CHARS_MAX = WAITING_CHARS_MAX / 4
/** Reads that wait for the reader thread. */
export const READS_WAITING_MAX = 16_384

/** Requests of one message to a thread: it begins with the first while the rest are still being asked. */
export const MESSAGE_REQUESTS_MAX = 32

/** Commands of one commit: more would make the first of them wait for the last. */
export const GROUP_COMMANDS_MAX = 1_024
/** Characters of the entries of one commit; a single command may be larger. */
export const GROUP_CHARS_MAX = 8 * 1024 * 1024

/** An index batch is written in one commit, which it must not stall: rows, and entries and their characters, of one batch. */
export const INDEX_ROWS_MAX = 2_048
export const INDEX_ENTRIES_MAX = 16_384
export const INDEX_CHARS_MAX = 16 * 1024 * 1024
/** Entries in a row of the index: such a row still fits a page without overflow. */
export const RUN_ENTRIES_MAX = 128

/** Entries, and their characters, that stay in memory after they were indexed: those who follow a log read from there. */
export const HOT_ENTRIES_MAX = 8_192
export const HOT_CHARS_MAX = 16 * 1024 * 1024

/** Sessions and unfinished executions whose place the writer remembers; others are read again. */
export const HEADS_MAX = 100_000

/** Entries, and their characters, of one read transaction. A long one would keep the write-ahead log from starting anew. */
export const READ_ENTRIES_MAX = 1_000
export const READ_CHARS_MAX = 4 * 1024 * 1024
/** Rows that one page of a filtered list looks at. */
export const LIST_SCAN_MAX = 10_000

/** Pages of the write-ahead log after which it is copied into the file, even while commands wait (about 10 ms). */
export const CHECKPOINT_PAGES = 4_096
/** Commits between two looks at how many those are: a look costs as much as some commands. */
export const CHECKPOINT_LOOK_COMMITS = 8
/** After so long without commands, what is behind is indexed and the write-ahead log copied. */
export const IDLE_MS = 100

/** Free space below which new work is refused, so that work which was accepted can end. */
export const RESERVE_BYTES = 128 * 1024 * 1024
/** Characters written between two looks at the free space. */
export const SPACE_CHECK_CHARS = 4 * 1024 * 1024
