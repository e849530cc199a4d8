// What docs/realms.md calls "your own code that reaches the outside world". It is copied beside the modules of that page.

import { setTimeout as pause } from 'node:timers/promises'

/** @public to the page */
export class CardDeclined extends Error {}

export const CARD = { good: 'visa', declined: 'declined', shaky: 'shaky', silent: 'silent' }
export const SKU = { good: 'apple', slow: 'truffle', stuck: 'piano' }

const SILENCE_MS = 60_000
const charges = new Set<string>()

/** @public to the page */
export const bank = {
  async charge(card: string, cents: number, { key, signal }: { key: string; signal?: AbortSignal }): Promise<string> {
    if (card === CARD.declined) throw new CardDeclined('The card was declined.')
    const isNew = !charges.has(key)
    charges.add(key)
    if (isNew && card === CARD.shaky) throw new Error('The line broke.')
    if (isNew && card === CARD.silent) await pause(SILENCE_MS, null, { signal })
    return `${cents} cents charged ${isNew ? 'now' : 'before'}`
  },
  async refund(_receipt: string): Promise<void> {},
  async refundIfCharged(key: string): Promise<void> {
    charges.delete(key)
  },
  rate: (_currency: string): Promise<number> => pause(1, 2),
}

/** @public to the page */
export const stock = {
  pick: async (sku: string, _key: string): Promise<string> => `a picked ${sku}`,
  price: (sku: string, signal: AbortSignal): Promise<number> =>
    pause(sku === SKU.slow ? SILENCE_MS : 1, 500, { signal }),
  async reserve(_sku: string, _key: string): Promise<void> {},
  async release(sku: string, _key: string): Promise<void> {
    if (sku === SKU.stuck) throw new Error('It does not fit through the door.')
  },
}

/** @public to the page */
export const mail = { async send(_to: string, _subject: string, _key: string): Promise<void> {} }

/** @public to the page */
export const model = {
  async *answer(_question: string, signal: AbortSignal): AsyncGenerator<string> {
    for (const token of ['The ', 'sky ', 'is ', 'blue.']) {
      await pause(1, null, { signal })
      yield token
    }
  },
}
