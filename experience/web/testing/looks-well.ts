// What holds for every page, whatever is on it.

import assert from 'node:assert/strict'

import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** No violation of WCAG 2.2 AA that a program can find, in what is on the page now. */
export async function assertAccessible(page: Page): Promise<void> {
  // Through the debugger, which the page's policy does not bind.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    (tags) =>
      (globalThis as unknown as { axe: { run(about: object): Promise<AxeResults> } }).axe.run({ runOnly: tags }),
    WCAG_22_AA,
  )
  const told = violations.map(({ id, help, nodes }) => ({
    rule: `${id}: ${help}`,
    at: nodes.map(({ html, failureSummary = '' }) => `${html} ${failureSummary}`),
  }))
  assert.deepEqual(told, [], `at ${page.url()}`)
}

/** Nothing of the page is reached by scrolling sideways; a table may scroll in its own box. */
export async function assertFits(page: Page): Promise<void> {
  const { content, window } = await page
    .evaluate(`({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  })`)
    .then((sizes) => sizes as { content: number; window: number })
  assert.ok(content <= window, `${page.url()} is ${content} px wide in a window of ${window}`)
}
