// What docs/realms.md says of its capabilities that can be told by one execution each.

import type { Execution } from '@biplane/protocol'

import { CARD, SKU } from './realms-guide-outside.ts'

/** What the page says of one of its capabilities, and what is to become of its execution. */
export interface Told {
  says: string
  type: string
  payload: object
  /** As far as it is said. */
  becomes: Partial<Execution>
  code?: string
  /** Each step's name, key, attempts or end, as the text has it. */
  steps?: string[]
}

export const stories: readonly Told[] = [
  {
    says: 'a charge that fails once is tried again, with the key that the bank knows',
    type: 'shop.pay',
    payload: { card: CARD.shaky, cents: 5 },
    becomes: { status: 'completed', result: { receipt: '5 cents charged before' } },
    steps: ['charge completed 2'],
  },
  {
    says: 'an attempt that takes too long is ended, and the next one has the same key',
    type: 'shop.pay',
    payload: { card: CARD.silent, cents: 6 },
    becomes: { status: 'completed', result: { receipt: '6 cents charged before' } },
    steps: ['charge completed 2'],
  },
  {
    says: 'what retryIf rules out is not tried again',
    type: 'shop.pay',
    payload: { card: CARD.declined, cents: 5 },
    becomes: { status: 'failed' },
    steps: ['charge failed 1'],
  },
  {
    says: 'a handler that awaits something else is paused, and told where',
    type: 'shop.convert',
    payload: { cents: 5 },
    becomes: { status: 'paused' },
    code: 'handler.foreign_await',
  },
  {
    says: 'many at once come out in the order of the list, each under its key',
    type: 'shop.pack',
    payload: { skus: ['pear', 'apple'] },
    becomes: { status: 'completed', result: ['a picked pear', 'a picked apple'] },
    steps: ['pick/pear completed 1', 'pick/apple completed 1'],
  },
  {
    says: 'of a price and a time the price wins if it comes',
    type: 'shop.quote',
    payload: { sku: SKU.good },
    becomes: { status: 'completed', result: { cents: 500, estimated: false } },
  },
  {
    says: 'of a price and a time the time wins if the price does not come',
    type: 'shop.quote',
    payload: { sku: SKU.slow },
    becomes: { status: 'completed', result: { cents: 1_000, estimated: true } },
  },
  {
    says: 'a wait for a signal is over when its time is',
    type: 'shop.await_transfer',
    payload: { within_ms: 30 },
    becomes: { status: 'completed', result: { paid: 0 } },
  },
  {
    says: 'a child that fails makes its parent fail with its code',
    type: 'shop.order',
    payload: { card: CARD.declined, skus: ['apple'] },
    becomes: { status: 'failed', compensated: false },
    code: 'error.unexpected',
  },
  {
    says: 'a saga whose second step fails takes back both',
    type: 'shop.book',
    payload: { sku: SKU.good, card: CARD.declined },
    becomes: { status: 'failed', compensated: true },
    steps: ['reserve undone 1', 'charge undone 1'],
  },
  {
    says: 'a terminal error reaches the handler, which may know what to do',
    type: 'shop.ship',
    payload: { address: '' },
    becomes: { status: 'completed', result: { label: 'to be collected' } },
    steps: ['print failed 1'],
  },
  {
    says: 'a step that needs a person pauses its execution',
    type: 'shop.ship',
    payload: { address: 'abroad' },
    becomes: { status: 'paused' },
    code: 'shop.customs',
  },
  {
    says: 'an execution whose time is up fails, whatever it waits for',
    type: 'shop.audit',
    payload: { account: 'lost' },
    becomes: { status: 'failed' },
    code: 'execution.timed_out',
  },
]
