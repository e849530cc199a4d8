// Studio in a real browser, on both real planes.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import type { Browser } from 'playwright-core'

import { launchChromium } from './chromium.ts'
import { testEveryPage } from './every-page.ts'
import { type House, openHouse } from './house.ts'
import { assertAccessible } from './looks-well.ts'
import { openTab } from './tab.ts'
import { upload } from './upload.ts'

let house: House
let browser: Browser

let tableId = ''
let productId = ''

before(async () => {
  ;[house, browser] = await Promise.all([openHouse('studio'), launchChromium()])
  const { client } = house
  const parts = Array.from({ length: 60 }, (_, i) => `${i + 1},part ${i + 1}`).join('\n')
  const sales = Array.from({ length: 300 }, (_, i) => `${i + 1},${(i % 60) + 1},${i % 9 === 0 ? 'much' : i}`).join('\n')
  await upload(client, 'parts.csv', `part_id,name\n${parts}\n`)
  await upload(client, 'sales.csv', `sale,part_id,amount\n${sales}\nodd\n`)
  const { contents } = await client.query<{ contents: { content_id: string; name: string }[] }>('content.list', {})
  tableId = contents.find(({ name }) => name === 'sales.csv')?.content_id ?? ''
  const content_ids = contents.map(({ content_id }) => content_id)
  const { execution_id } = await client.submit('data_mash.create', { content_ids, name: 'sales with parts' })
  const { result } = await client.result(execution_id)
  productId = (result as { product_id: string }).product_id
  await upload(client, 'orders.csv', 'order,amount\n1,12.5\n2,7\n')
})
after(async () => {
  await browser?.close()
  await house?.[Symbol.asyncDispose]()
})

testEveryPage(
  [
    { path: '/', heading: 'Your data', shows: 'orders.csv' },
    { path: () => `/tables/${tableId}`, heading: 'sales.csv', shows: '1 to 200 of 300' },
    { path: () => `/tables/${tableId}?tab=profile`, heading: 'sales.csv', shows: 'different values' },
    {
      path: () => `/tables/${tableId}?tab=rejected`,
      heading: 'sales.csv',
      shows: 'These records are not in the table.',
    },
    { path: () => `/products/${productId}`, heading: 'sales with parts', shows: '1 to 200 of 300' },
    { path: () => `/products/${productId}?tab=ask`, heading: 'sales with parts', shows: 'A question in SQL' },
    { path: () => `/products/${productId}?tab=accounting`, heading: 'sales with parts', shows: 'accounted for' },
    { path: () => `/products/${productId}?tab=lineage`, heading: 'sales with parts', shows: 'Comes from' },
    { path: () => `/products/${productId}?tab=quality`, heading: 'sales with parts', shows: 'rejected' },
    { path: '/mash', heading: 'Make one table of several', shows: 'Choose at least two tables' },
    { path: '/no/such/page', heading: 'There is no page here', shows: 'This address leads nowhere' },
  ],
  () => browser,
  () => house.url,
)

test('the keyboard alone finds, opens and closes; what it opens is for everybody', async () => {
  await using tab = await openTab(browser, `${house.url}/no/such/page`)
  const { page } = tab
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.keyboard.press('Tab')
  assert.equal(await page.locator(':focus').innerText(), 'Skip to the content')
  await page.keyboard.press('?')
  await page.getByRole('dialog').waitFor()
  await assertAccessible(page)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  await page.locator('[role=combobox]:focus').waitFor()
  await page.keyboard.type('ord')
  await page.getByRole('option', { name: 'orders.csv' }).waitFor()
  await assertAccessible(page)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'orders.csv' }).waitFor()
})

test('a killed runtime is said, and the page is itself again when it is back', async () => {
  await using tab = await openTab(browser, house.url)
  const { page } = tab
  tab.forgive(/503/)
  await page.getByText('orders.csv').waitFor()
  await house.runtime.kill()
  await page.reload()
  await page.getByText('The runtime is away').waitFor()
  // The client has given up trying by itself: what went wrong, and a button.
  await page.getByRole('button', { name: 'Try again' }).waitFor()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await assertAccessible(page)
  }
  await house.runtime.start()
  await page.getByText('Connected').waitFor()
  await page.getByText('orders.csv').waitFor()
})

test('another tenant sees nothing of the first', async () => {
  await using tab = await openTab(browser, house.url)
  const { page } = tab
  await page.getByText('orders.csv').waitFor()
  await page.getByRole('button', { name: 'Tenant demo' }).click()
  await page.getByRole('textbox', { name: 'Tenant' }).fill('acme')
  await assertAccessible(page)
  await page.keyboard.press('Enter')
  await page.getByText('No tables yet').waitFor()
  assert.equal(await page.getByText('orders.csv').count(), 0)
})
