// The thread that reads: each read is one transaction of bounded length, because a long one would keep the write-ahead log from
// starting anew. What is fatal reaches the main thread as the worker's error and stops the store.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads'

import { openForReading } from './database.ts'
import { READS, type ReadRequest } from './reads.ts'
import { isFatal } from './sqlite-error.ts'

export interface ReaderSetup {
  folder: string
}

/** Null asks it to finish and go. */
export type ToReader = ReadRequest[] | null

export type ReadAnswer = { found: unknown } | { failed: string }

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
    return { found: db.reading(() => read(db, ...ask)) }
  } catch (error) {
    if (isFatal(error)) throw error
    return { failed: error instanceof Error ? error.message : String(error) }
  }
}
