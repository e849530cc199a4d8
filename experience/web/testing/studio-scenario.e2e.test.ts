// From two files that do not match to one table, as a person does it in Studio, through a gateway and a runtime that are killed.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import type { Browser } from 'playwright-core'

import { launchChromium } from './chromium.ts'
import { type House, openHouse } from './house.ts'
import { assertAccessible } from './looks-well.ts'
import { openTab } from './tab.ts'

/** What a browser says of a network that is cut. */
const CUT = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE|WebSocket|503/

let house: House
let browser: Browser

before(async () => {
  ;[house, browser] = await Promise.all([openHouse('studio'), launchChromium()])
})
after(async () => {
  await browser?.close()
  await house?.[Symbol.asyncDispose]()
})

const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })

test('the guided run leads to a proposal, which is decided after both planes were killed, and to a table', async () => {
  await using tab = await openTab(browser, house.url)
  const { page } = tab
  tab.forgive(CUT)
  await page.getByRole('button', { name: /example files/ }).click()
  const approve = page.getByRole('button', { name: 'Make the table' })
  await approve.waitFor({ timeout: 30_000 })
  await page.getByText('refers to').first().waitFor()
  await assertAccessible(page)
  await house.killGateway()
  await page
    .getByText(/econnecting/)
    .first()
    .waitFor()
  await house.runtime.kill()
  await house.runtime.start()
  await house.startGateway()
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 30_000 })
  await page.getByRole('textbox', { name: /Why/ }).fill('The keys are right.')
  await approve.click()
  await page.getByText('is made').waitFor({ timeout: 30_000 })
  await page.getByText('is accounted for').waitFor()
  await assertAccessible(page)
  await page.getByText('Approved: The keys are right.').waitFor()
  await page.reload()
  await page.getByRole('link', { name: 'Open it' }).click()
  await page.getByRole('heading', { level: 1, name: 'orders + customers' }).waitFor()
})

test('files of one’s own come in, are chosen, mashed, and a refusal leaves nothing', async () => {
  await using tab = await openTab(browser, house.url)
  const { page } = tab
  const input = page.locator('input[type=file]').first()
  const parts = Array.from({ length: 60 }, (_, i) => `${i + 1},part ${i + 1}`).join('\n')
  const sales = Array.from({ length: 200 }, (_, i) => `${i + 1},${(i % 60) + 1},${i}`).join('\n')
  await input.setInputFiles([
    file('parts.csv', `part_id,name\n${parts}\n`),
    file('sales.csv', `sale,part_id,amount\n${sales}\n`),
  ])
  for (const name of ['parts.csv', 'sales.csv']) await page.getByRole('checkbox', { name: `Choose ${name}` }).check()
  await page.getByRole('link', { name: 'Mash them' }).click()
  await page.getByRole('textbox', { name: 'Name of the new table' }).fill('sales with parts')
  await assertAccessible(page)
  await page.getByRole('button', { name: 'Mash 2 tables' }).click()
  await page.getByRole('heading', { level: 1, name: 'sales with parts' }).waitFor()
  await page.getByRole('button', { name: 'Refuse' }).click({ timeout: 30_000 })
  await page.getByText('Nothing was made. Choose other tables, or begin again and approve.').waitFor()
  await page.goto(`${house.url}/?show=products`)
  await page.getByText('orders + customers').first().waitFor()
  const products = page.getByRole('list', { name: 'products' })
  assert.equal(await products.getByText('sales with parts').count(), 0)
})
