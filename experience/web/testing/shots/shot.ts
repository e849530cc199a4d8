import type { Page } from 'playwright-core'

import type { House } from '../house.ts'

/** A page that is looked at, and what is to be on it. */
export interface Shot {
  /** Of the picture. */
  name: string
  path: string
  /** Makes what is to be seen; what it answers is the address instead of `path`. */
  before?: (house: House) => Promise<string | void>
  /** Opens what is to be seen on the page. */
  after?: (page: Page) => Promise<void>
  /** All of the page, and not what is in view. */
  isWhole?: boolean
}
