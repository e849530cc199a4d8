import type { Worker } from 'node:worker_threads'

import { StorageFull, StoreClosed } from '../error.ts'
import type { Store } from '../port.ts'
import { Channel } from './channel.ts'
import { openForWriting } from './database.ts'
import { HEADS_MAX, HOT_ENTRIES_MAX, INDEX_ROWS_MAX, RESERVE_BYTES } from './limits.ts'
import { lockFolder } from './lock-folder.ts'
import { LogTail } from './log-tail.ts'
import { makeFolder } from './make-folder.ts'
import { migrate } from './migrate.ts'
import { openThread } from './open-thread.ts'
import { packRequests } from './pack-requests.ts'
import type { ReadAnswer, ReaderSetup } from './reader-thread.ts'
import { Reader } from './reader.ts'
import type { ReadRequest } from './reads.ts'
import { isFull } from './sqlite-error.ts'
import { SqliteStore } from './sqlite-store.ts'
import type { WriterReport, WriterSetup } from './writer-thread.ts'
import { type WaitingLimits, Writer } from './writer.ts'
import type { WriteRequest } from './writes.ts'

export interface SqliteOptions extends WaitingLimits {
  /** Made if it is not there. One process at a time. */
  folder: string
  /** Milliseconds since 1970. */
  clock: { now(): number }
  /**
   * Called when the file can no longer be relied on (IOERR, CORRUPT), once. The process must stop: a start reads what is
   * durable. By default the error is thrown where nothing catches it.
   */
  onFatal?: (error: Error) => void
  /** Bounds the file, in pages of 4 KiB: beyond it commands are refused with StorageFull, as on a full disk. */
  pagesMax?: number
  /** Bytes of free space below which new work is refused with StorageFull; what was accepted goes on. Default 128 MiB. */
  reserveBytes?: number
  /** Entries that stay in memory after they were indexed. */
  hotEntriesMax?: number
  /** Rows of the index that are written in one commit. */
  indexRowsMax?: number
  /** Sessions and executions whose place the writer remembers. */
  headsMax?: number
}

/** @throws StoreLocked if another process has the folder; StoreTooNew if a newer program wrote it; StorageFull */
export async function openSqliteStore(options: SqliteOptions): Promise<Store> {
  makeFolder(options.folder)
  const unlock = lockFolder(options.folder)
  try {
    prepare(options)
    return await start(options, unlock)
  } catch (error) {
    unlock()
    if (isFull(error))
      throw new StorageFull(`The disk is full: free some space for ${options.folder}.`, { cause: error })
    throw error
  }
}

function prepare({ folder, pagesMax }: SqliteOptions): void {
  const db = openForWriting(folder, pagesMax)
  try {
    migrate(db)
  } finally {
    db.close()
  }
}

async function start(options: SqliteOptions, unlock: () => void): Promise<Store> {
  const { clock } = options
  const [reading, writing] = await openBoth(options)
  const reads = new Channel<ReadRequest>(reading.worker, (requests) => requests)
  const writes = new Channel<WriteRequest>(writing.worker, packRequests)
  const tail = new LogTail(options.hotEntriesMax ?? HOT_ENTRIES_MAX, writing.first.indexedPos)
  const reader = new Reader(reads, tail)
  const writer = new Writer(writes, tail, options, writing.first.spaceLow)
  reading.worker.on('message', (answers: ReadAnswer[]) => reader.take(answers))
  writing.worker.on('message', (report: WriterReport) => {
    writer.take(report)
    reader.release()
  })
  stopOnError([reading.worker, writing.worker], [reads, writes], options)

  const close = async (): Promise<void> => {
    const closed = new StoreClosed('The store is closed.')
    reads.refuse(closed)
    writes.refuse(closed)
    // The writer goes last, because the last connection takes the write-ahead log away.
    await reads.close()
    await writes.close()
    unlock()
  }
  return new SqliteStore({ writer, reader, now: () => clock.now(), close })
}

/** Side by side, since most of a thread's start is the loading of its modules. If one fails, the other goes too. */
async function openBoth(options: SqliteOptions) {
  const opening = [
    openThread<ReadAnswer[]>('reader', { folder: options.folder } satisfies ReaderSetup),
    openThread<WriterReport>('writer', writerSetup(options)),
  ] as const
  try {
    return await Promise.all(opening)
  } catch (error) {
    for (const opened of await Promise.allSettled(opening)) {
      if (opened.status === 'fulfilled') await opened.value.worker.terminate()
    }
    throw error
  }
}

function writerSetup({ folder, pagesMax, reserveBytes, headsMax, indexRowsMax }: SqliteOptions): WriterSetup {
  return {
    folder,
    pagesMax,
    reserveBytes: reserveBytes ?? RESERVE_BYTES,
    headsMax: headsMax ?? HEADS_MAX,
    indexRowsMax: indexRowsMax ?? INDEX_ROWS_MAX,
  }
}

/** A thread throws what cannot be survived, and nothing else. What waits has no answer then, and none is given any more. */
function stopOnError(
  workers: readonly Worker[],
  channels: readonly { fail(error: Error): void }[],
  { folder, onFatal = throwUncaught }: SqliteOptions,
): void {
  let stopped = false
  const stop = (cause: unknown): void => {
    if (stopped) return
    stopped = true
    const reason = cause instanceof Error ? cause.message : String(cause)
    const error = new Error(`The data in ${folder} cannot be relied on, so this process must stop: ${reason}`, {
      cause,
    })
    for (const channel of channels) channel.fail(error)
    onFatal(error)
  }
  for (const worker of workers) worker.on('error', stop)
}

function throwUncaught(error: Error): void {
  setImmediate(() => {
    throw error
  })
}
