// What an operator does on a bad day, in Console in a real browser: a saga that fails is watched, retried, mended and forked, and an
// approval is decided, while the gateway and the runtime are killed.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { createClient } from '@biplane/client'
import type { Browser, Page } from 'playwright-core'

import { launchChromium } from './chromium.ts'
import { type House, openHouse } from './house.ts'
import { openTab } from './tab.ts'
import { WORKSHOP_REALM } from './workshop-realm.ts'

let house: House
let browser: Browser

before(async () => {
  ;[house, browser] = await Promise.all([openHouse('console', {}, {}, WORKSHOP_REALM), launchChromium()])
})
after(async () => {
  await browser?.close()
  await house?.[Symbol.asyncDispose]()
})

/** What the browser says of servers that were killed. */
const CUT = /503|502|ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|WebSocket/
const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor()
const line = (page: Page, state: string) => page.locator(`[data-line="${state}"]`).waitFor()

async function act(page: Page, button: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill(reason)
  await dialog.getByRole('button', { name: button }).click()
  await dialog.waitFor({ state: 'detached' })
}

test('a saga that fails is watched, retried through a killed gateway, mended, and forked through a killed runtime', async () => {
  await using tab = await openTab(browser, house.url)
  const { page } = tab
  tab.forgive(CUT)
  await says(page, 'Nothing has run yet')
  await house.client.submit({ type: 'workshop.order', payload: { sku: 'vase' } })
  // It comes without a reload.
  await page.getByRole('link', { name: 'workshop.order' }).click()
  await says(page, /takes no vases today\. All that it did was taken back/)
  await page.getByRole('list', { name: 'What happened, in order' }).getByText('undo reserve').waitFor()
  await page.getByText('3 attempts').waitFor()
  const failedAt = page.url()

  await house.killGateway()
  await page.locator('[data-line="offline"], [data-line="reconnecting"]').waitFor()
  await says(page, /All that it did was taken back/)
  await house.startGateway()
  await page.locator('[data-line="live"]').waitFor()
  await page.getByRole('button', { name: 'Retry', exact: true }).click()
  await act(page, 'Retry it', 'the carrier said: try again')
  await says(
    page,
    /In the log, entry \d+: workshop.order is accepted .* a retry of exe_.*: the carrier said: try again/,
  )
  await page.getByRole('status').getByRole('link').click()
  await page.getByText('Retry of', { exact: true }).waitFor()
  await says(page, /takes no vases today\. All that it did was taken back/)

  await writeFile(join(house.runtime.folder, 'mended'), '')
  await page.goto(failedAt)
  await says(page, 'Done again as')
  await house.runtime.kill()
  await page.getByRole('button', { name: 'Fork behind charge' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('it takes vases again')
  await dialog.getByRole('button', { name: 'Fork it' }).click()
  await house.runtime.start()
  // The client asks until the runtime is back, and what it was told twice is done once.
  await page.getByRole('status').getByRole('link').click()
  await page.getByText('Fork of', { exact: true }).waitFor()
  await says(page, 'It did what was asked.')
  await says(page, 'shipped:')
})

test('the list says that its line is lost, and moves on when it is back', async () => {
  const { execution_id } = await house.client.submit({ type: 'workshop.wait', payload: {} })
  await using tab = await openTab(browser, house.url)
  const { page } = tab
  tab.forgive(CUT)
  const row = (id: string) => page.getByRole('row').filter({ hasText: id })
  await row(execution_id).getByText('Waiting').waitFor()
  await house.killGateway()
  await page.locator('[data-line="offline"], [data-line="reconnecting"]').waitFor()
  const direct = createClient({ url: `${house.runtime.url}/api`, tenantId: 'demo' })
  await direct.signal(execution_id, 'paid', { payload: { cents: 5 } })
  const later = await direct.submit({ type: 'workshop.nap', payload: {} })
  await house.startGateway()
  await row(execution_id).getByText('Completed').waitFor()
  await row(later.execution_id).getByText('Waiting').waitFor()
  await line(page, 'live')
})

test('an approval is decided with a reason, behind a reload and a killed runtime', async () => {
  const { execution_id } = await house.client.submit({ type: 'workshop.order', payload: { sku: 'lamp', count: 12 } })
  await using tab = await openTab(browser, `${house.url}/executions/${execution_id}`)
  const { page } = tab
  tab.forgive(CUT)
  await says(page, 'It waits for a decision: Ship 12 of lamp?')
  await house.runtime.kill()
  await page.locator('[data-line="away"], [data-line="reconnecting"]').waitFor()
  await house.runtime.start()
  await line(page, 'live')
  await page.reload()
  await page.getByLabel('Reason of the decision').fill('there are enough')
  await page.getByRole('button', { name: 'Approve' }).click()
  await says(page, 'It did what was asked.')
  await says(page, /large is taken, approved,.*: there are enough/)
})
