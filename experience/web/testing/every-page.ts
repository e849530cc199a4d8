// What every page of an app must do, whoever wrote it: open without a complaint, be usable by everybody, in both schemes and at any
// width, and be there again after a reload.

import { test } from 'node:test'

import type { Browser } from 'playwright-core'

import { assertAccessible, assertFits } from './looks-well.ts'
import { openTab } from './tab.ts'

export interface PageAt {
  /** A function, where it is only known once something was made. */
  path: string | (() => string)
  /** Its first heading. */
  heading: string | RegExp
  /** A text that is there once what it shows has come. */
  shows: string | RegExp
}

const WIDTHS_PX = [360, 2560]

export function testEveryPage(pages: readonly PageAt[], browser: () => Browser, origin: () => string): void {
  for (const { path, heading, shows } of pages) {
    const name = typeof path === 'string' ? path : `the page “${String(heading)}”`
    test(`${name} opens in light and dark, narrow and wide, for everybody, and survives a reload`, async () => {
      for (const scheme of ['light', 'dark'] as const) {
        await using tab = await openTab(browser(), origin() + (typeof path === 'string' ? path : path()), { scheme })
        const { page } = tab
        const isThere = async () => {
          await page.getByRole('heading', { level: 1, name: heading }).waitFor()
          await page.getByText(shows).first().waitFor()
        }
        await isThere()
        await assertAccessible(page)
        for (const width of WIDTHS_PX) {
          await page.setViewportSize({ width, height: 800 })
          await assertFits(page)
        }
        await page.reload()
        await isThere()
      }
    })
  }
}
