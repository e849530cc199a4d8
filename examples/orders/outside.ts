// The outside world: a warehouse, a bank, a post office. Here a file stands in for their servers, and survives this process as they
// do; your providers' clients go here. What is asked of them is what good ones give: a request whose key they know is not done again.

import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

import { TerminalError } from '@biplane/realm'

const LEDGER = 'outside.log'
const LATENCY_MS = 300

const ledger = (): string[] => (existsSync(LEDGER) ? readFileSync(LEDGER, 'utf8').split('\n') : [])

async function request(what: string, key: string): Promise<void> {
  if (!ledger().includes(`${what} ${key}`)) appendFileSync(LEDGER, `${what} ${key}\n`)
  await pause(LATENCY_MS)
}

/** What was never done needs no taking back: a step that was cut off may not have come this far. */
async function takeBack(what: string, done: string, key: string): Promise<void> {
  if (ledger().includes(`${done} ${key}`)) await request(what, key)
}

export const reserve = (key: string) => request('reserve', key)
export const release = (key: string) => takeBack('release', 'reserve', key)
export const refund = (key: string) => takeBack('refund', 'charge', key)
export const mail = (key: string) => request('mail', key)

export async function charge(key: string, card: string): Promise<void> {
  if (card === 'declined') throw new TerminalError('card.declined', 'The bank declined the card.')
  await request('charge', key)
}
