// The thread that reads: each read is one transaction of bounded length, because a long one would keep the write-ahead log from
// starting anew. What is fatal reaches the main thread as the worker's error and stops the store.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads'

import { openForReading } from './database.ts'
import { lastPos } from './last-pos.ts'
import { READS, type ReadRequest } from './reads.ts'
import { isFatal } from './sqlite-error.ts'

export interface ReaderSetup {
  folder: string
}

/** Null asks it to finish and go. */
export type ToReader = ReadRequest[] | null

/** `pos`: of the last entry that was committed at the moment of the read. */
export type ReadAnswer = { found: unknown; pos: number } | { failed: string; pos: 0 }

const port = parentPort as MessagePort
const { folder } = workerData as ReaderSetup
const db = openForReading(folder)

port.on('message', (requests: ToReader) => {
  if (requests) return port.postMessage(requests.map(answer))
  db.close()
  port.close()
})
port.postMessage([])

function answer({ verb, ask }: ReadRequest): ReadAnswer {
  const read = READS[verb] as (...values: unknown[]) => unknown
  try {
    return db.reading(() => ({ found: read(db, ...ask), pos: lastPos(db) }))
  } catch (error) {
    if (isFatal(error)) throw error
    return { failed: error instanceof Error ? error.message : String(error), pos: 0 }
  }
}
