// The thread that writes: it owns the connection, and commits whatever has come in since its last commit as one group. What it
// throws reaches the main thread as the worker's error and stops the store.

import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'

import { checkpoint, pagesBehind } from './checkpoint.ts'
import { openForWriting } from './database.ts'
import { Fifo } from './fifo.ts'
import { FreeSpace } from './free-space.ts'
import { type WriteAnswer, commitGroup } from './group-commit.ts'
import { CHECKPOINT_LOOK_COMMITS, CHECKPOINT_PAGES, IDLE_MS } from './limits.ts'
import { isBusy, isFull } from './sqlite-error.ts'
import { packAnswers } from './pack-answers.ts'
import { unpackRequests } from './pack-requests.ts'
import { takeGroup } from './take-group.ts'
import { WriteDb } from './write-db.ts'
import type { WriteRequest } from './writes.ts'

export interface WriterSetup {
  folder: string
  pagesMax: number | undefined
  reserveBytes: number
  headsMax: number
  indexRowsMax: number
}

/** Null asks it to finish and go. */
export type ToWriter = unknown[] | null

/** Answers are in the order of the commands. The first report says that the file is open. */
export interface WriterReport {
  answers: unknown[]
  /** Every entry up to this one is in the index. */
  indexedPos: number
  /** Less space than the reserve is left on the disk. */
  spaceLow: boolean
}

const port = parentPort as MessagePort
const setup = workerData as WriterSetup
const db = new WriteDb(openForWriting(setup.folder, setup.pagesMax), setup)
const space = new FreeSpace(setup.folder, setup.reserveBytes)
const queue = new Fifo<WriteRequest>()
let commits = 0
/** Begins with the first command: by then somebody listens. */
let idle: NodeJS.Timeout | undefined

port.on('message', serve)
report([])

function serve(first: ToWriter): void {
  let closing = take(first)
  for (;;) {
    for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) {
      closing = take(more.message as ToWriter) || closing
    }
    const group = takeGroup(queue)
    if (group.length === 0) break
    report(commitGroup(db, group))
    for (const { chars } of group) space.wrote(chars)
    if (++commits % CHECKPOINT_LOOK_COMMITS === 0 && pagesBehind(db.db) >= CHECKPOINT_PAGES) checkpoint(db.db)
  }
  if (closing) close()
  else rest()
}

/** True if it was the last message. */
function take(message: ToWriter): boolean {
  for (const request of unpackRequests(message ?? [])) queue.push(request)
  return message === null
}

function report(answers: WriteAnswer[]): void {
  const message: WriterReport = {
    answers: packAnswers(answers),
    indexedPos: db.index.indexedPos,
    spaceLow: space.isLow,
  }
  port.postMessage(message)
}

function rest(): void {
  idle ??= setTimeout(whenIdle, IDLE_MS)
  idle.refresh()
}

function whenIdle(): void {
  const wasLow = space.isLow
  space.check()
  const wasBehind = db.index.isBehind
  indexRest()
  if (pagesBehind(db.db) > 0) checkpoint(db.db)
  if (wasBehind || space.isLow !== wasLow) report([])
  if (space.isLow || db.index.isBehind) rest()
}

/** A full disk, or a tool that holds the file, leaves the rest behind: it is in memory, and is read again at the next start. */
function indexRest(): void {
  try {
    if (db.index.isBehind) db.indexAll()
  } catch (error) {
    if (!isFull(error) && !isBusy(error)) throw error
  }
}

function close(): void {
  clearTimeout(idle)
  indexRest()
  checkpoint(db.db)
  db.db.close()
  port.close()
}
