// So many requests to both planes, some at a time; then everything that was recorded is read back, the runtime is started again,
// and it is read once more.

import type { House } from '../authority/house.ts'
import { readDocuments } from './documents.ts'
import { type Outcome, Tally } from './outcome.ts'
import { assertKept, readBack } from './read-back.ts'
import { type FuzzRequest, Requests } from './request.ts'
import { sendHttp } from './send-http.ts'
import { sendOnSocket } from './send-socket.ts'
import { type Stage, openStage } from './stage.ts'

export interface FuzzOptions {
  /** How many. */
  requests: number
  seed: number
  /** Told now and then how far it is. */
  progress?(done: number): void
}

export interface FuzzReport {
  /** What must not be; none if all is well. */
  wrong: string[]
  /** Counts, for a person. */
  lines: string[]
}

const AT_ONCE = 24
const PROGRESS_EVERY = 1_000
/** More tell nothing new. */
const WRONG_MAX = 50

export async function fuzz({ requests: count, seed, progress }: FuzzOptions): Promise<FuzzReport> {
  await using stage = await openStage()
  const { house, tokens, known } = stage
  const documents = await readDocuments(house, { authorization: `Bearer ${tokens.gateway}` })
  const requests = new Requests(documents, known, seed)
  const tally = new Tally()
  let next = 0
  const sendSome = async () => {
    while (next < count && tally.wrong.length < WRONG_MAX) {
      const number = next++
      const request = requests.at(number)
      tally.count(number, request, await send(request, stage))
      if (number % PROGRESS_EVERY === 0) progress?.(number)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sendSome))
  const wrong = [...tally.wrong, ...ended(house)]
  if (wrong.length > 0) return { wrong, lines: tally.lines() }
  return { wrong, lines: [...tally.lines(), ...(await readTwice(stage, tally))] }
}

function send(request: FuzzRequest, { house, tokens }: Stage): Promise<Outcome> {
  const { door } = request
  if ('message' in request) return sendOnSocket(request, house[door], tokens[door], tokens.runtime)
  return sendHttp(request, house[door], tokens[door])
}

/** Signal 0 asks whether a process is there. */
function ended(house: House): string[] {
  return house.pids().flatMap((pid) => {
    try {
      process.kill(pid, 0)
      return []
    } catch {
      return [`The process ${pid} has ended. The last that was printed:\n${house.printed().slice(-2_000)}`]
    }
  })
}

async function readTwice({ house, tokens, known }: Stage, { artifacts }: Tally): Promise<string[]> {
  const ids = [...artifacts, ...(known['artifact_id'] ?? [])]
  const before = await readBack(house.runtime, tokens.runtime, ids)
  const code = await house.restartRuntime()
  if (code !== 0) throw new Error(`The runtime ended with ${code}:\n${house.printed().slice(-2_000)}`)
  const after = await readBack(house.runtime, tokens.runtime, ids)
  assertKept(before, after)
  const events = [...after.logs.values()].reduce((sum, log) => sum + log.length, 0)
  return [
    `read back twice: ${after.logs.size} sessions, ${events} events, ${after.executions} executions, ` +
      `${after.facts} facts, ${after.artifacts} artifacts`,
  ]
}
