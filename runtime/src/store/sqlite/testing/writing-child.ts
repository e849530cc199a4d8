// A process that writes to the store in the folder it is given until it is killed, and prints what was acknowledged: a line
// `<session> <execution> <seq> <type>` for each entry, once its commit was answered.

import { randomBytes } from 'node:crypto'

import type { SessionId } from '@biplane/protocol'

import type { Recorded } from '../../port.ts'
import { type Name, Subject } from '../../testing/subject.ts'
import { openSqliteStore } from '../open-sqlite-store.ts'

const SESSIONS = 5
const LINES = 24
const STEPS = 3

const folder = process.argv[2] as string
const subject = await Subject.open(async () => {
  const store = await openSqliteStore({ folder, clock: Date, indexRowsMax: 64, hotEntriesMax: 32 })
  return { store, [Symbol.asyncDispose]: () => store.close() }
})
// Rounds in one folder must not make the same ids.
subject.ids.bytes = (count) => randomBytes(count)

const sessions: SessionId[] = []
for (let i = 0; i < SESSIONS; i++) sessions.push(await subject.session())
await Promise.all(Array.from({ length: LINES }, (_, i) => writeFor(sessions[i % SESSIONS] as SessionId)))

async function writeFor(session: SessionId): Promise<never> {
  for (;;) {
    const command = subject.acceptCommand(session)
    const accepted = await subject.store.acceptIntent(command)
    if (accepted.outcome === 'accepted') print(command.execution, accepted.last_seq, 'intent.accepted')
    for (let i = 0; i < STEPS; i++)
      printRecorded(command.execution, await subject.record(command.execution), 'step.completed')
    printRecorded(command.execution, await subject.end(command.execution), 'execution.completed')
  }
}

function printRecorded(execution: Name, recorded: Recorded, type: string): void {
  if (recorded.outcome === 'recorded') print(execution, recorded.last_seq, type)
}

// To a pipe this is written at once; a buffered line would be lost with the process.
function print({ session_id, execution_id }: Name, seq: number, type: string): void {
  process.stdout.write(`${session_id} ${execution_id} ${seq} ${type}\n`)
}
