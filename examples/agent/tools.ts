// The tools: the systems of a shop, which a file stands in for. It survives this process, as they do; yours are called here instead.

import { appendFileSync, existsSync, readFileSync } from 'node:fs'

const PAYMENTS = 'outside.log'

export const tools = {
  look_up: async (_order: string, _key: string) => 'lost in the post',

  /** Asked again with the key of a payment that was made, it makes no second one. */
  async pay_back(order: string, key: string) {
    const made = existsSync(PAYMENTS) ? readFileSync(PAYMENTS, 'utf8') : ''
    if (!made.includes(key)) appendFileSync(PAYMENTS, `pay back ${order} ${key}\n`)
    return 'It was paid back.'
  },
}
