// Studio in a real browser, on both real planes.

import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
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

const MANY = 20_000
/** Of names that CSV must quote, and of codes that are no numbers. */
const PARTS = Array.from({ length: 60 }, (_, i) => ({
  id: i + 1,
  code: String(i + 1).padStart(4, '0'),
  name: `part "${i + 1}", ${i % 2 === 0 ? 'green' : 'red\nand blue'}`,
}))
const inCsv = (text: string): string => `"${text.replaceAll('"', '""')}"`

let tableId = ''
let productId = ''

before(async () => {
  ;[house, browser] = await Promise.all([openHouse('studio'), launchChromium()])
  const { client } = house
  const parts = PARTS.map(({ id, code, name }) => `${id},${code},${inCsv(name)}`).join('\n')
  const sales = Array.from({ length: 300 }, (_, i) => `${i + 1},${(i % 60) + 1},${i % 9 === 0 ? 'much' : i}`).join('\n')
  await upload(client, 'parts.csv', `part_id,code,name\n${parts}\n`)
  await upload(client, 'sales.csv', `sale,part_id,amount\n${sales}\nodd\n`)
  const { contents } = await client.query<{ contents: { content_id: string; name: string }[] }>('content.list', {})
  tableId = contents.find(({ name }) => name === 'sales.csv')?.content_id ?? ''
  const content_ids = contents.map(({ content_id }) => content_id)
  const { execution_id } = await client.submit('data_mash.create', { content_ids, name: 'sales with parts' })
  const { result } = await client.result(execution_id)
  productId = (result as { product_id: string }).product_id
  await upload(client, 'orders.csv', 'order,amount\n1,12.5\n2,7\n')
  const many = Array.from({ length: MANY }, (_, i) => `${i + 1},reading ${i + 1}`).join('\n')
  await upload(client, 'readings.csv', `reading,text\n${many}\n`)
})
after(async () => {
  await browser?.close()
  await house?.[Symbol.asyncDispose]()
})

testEveryPage(
  [
    { path: '/', heading: 'Your data', shows: 'orders.csv' },
    { path: () => `/tables/${tableId}`, heading: 'sales.csv', shows: / of 300$/ },
    { path: () => `/tables/${tableId}?tab=profile`, heading: 'sales.csv', shows: 'different values' },
    {
      path: () => `/tables/${tableId}?tab=rejected`,
      heading: 'sales.csv',
      shows: 'These records are not in the table.',
    },
    { path: () => `/products/${productId}`, heading: 'sales with parts', shows: / of 300$/ },
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

/** Through all of the grid, a part of it a frame, and to its middle. */
const FLING = `(async () => {
  const grid = document.querySelector('[role=grid]')
  for (let part = 1; part < 50; part++) {
    grid.scrollTo(0, (grid.scrollHeight * part) / 50)
    await new Promise(requestAnimationFrame)
  }
  grid.scrollTo(0, grid.scrollHeight / 2)
})()`

test('a long table is one grid: its last row comes by a key and by scrolling, and what is passed by is not asked for', async () => {
  await using tab = await openTab(browser, house.url)
  const { page } = tab
  let asked = 0
  page.on('request', (request) => (asked += request.postData()?.includes('content.preview') === true ? 1 : 0))
  await page.getByRole('link', { name: 'readings.csv' }).click()
  const grid = page.getByRole('grid', { name: 'Rows of readings.csv' })
  const cell = (row: number) => grid.getByRole('gridcell', { name: `reading ${row}`, exact: true })
  await cell(1).waitFor()
  await grid.focus()
  await page.keyboard.press('Control+End')
  await cell(MANY).waitFor()
  assert.equal(await grid.getAttribute('aria-rowcount'), String(MANY + 1))
  assert.equal(await grid.getByRole('row').last().getAttribute('aria-rowindex'), String(MANY + 1))
  assert.ok((await grid.getByRole('row').count()) < 60)
  await assertAccessible(page)
  const before = asked
  await page.evaluate(FLING)
  await cell(MANY / 2).waitFor()
  assert.ok(asked - before < 10, `${asked - before} windows were asked for`)
  await page.getByRole('textbox', { name: 'Go to row' }).fill('12,345')
  await page.keyboard.press('Enter')
  await cell(12_345).waitFor()
  await page.getByText('text, row 12,345: reading 12345').waitFor()
})

test('columns are pictured: a histogram of numbers, the most frequent of texts', async () => {
  await using tab = await openTab(browser, `${house.url}/tables/${tableId}?tab=profile`)
  const { page } = tab
  const histogram = page.getByRole('region', { name: 'part_id' }).getByRole('img', { name: /^Histogram of part_id/ })
  await histogram.locator('canvas').waitFor()
  assert.match((await histogram.getAttribute('aria-label')) ?? '', /1 to 3\.95: 15 rows; 3\.95 to 6\.9: 15 rows/)
  const often = page.getByRole('list', { name: 'Most frequent values of amount' })
  assert.match(await often.getByRole('listitem').first().innerText(), /much\s+34/)
})

test('a product is asked with the names of its columns, and its answer is a grid', async () => {
  await using tab = await openTab(browser, `${house.url}/products/${productId}?tab=ask`)
  const { page } = tab
  const question = page.getByRole('textbox', { name: 'A question in SQL' })
  await question.fill('SELECT ')
  for (const name of [/^code text/, /^sale integer/]) await page.getByRole('button', { name }).click()
  await page.keyboard.type(' FROM data WHERE sale = 61')
  assert.equal(await question.inputValue(), 'SELECT "code", "sale" FROM data WHERE sale = 61')
  await page.keyboard.press('Control+Enter')
  const answer = page.getByRole('grid', { name: 'The answer' })
  await answer.waitFor()
  assert.deepEqual(await answer.getByRole('gridcell').allInnerTexts(), ['0001', '61'])
  await page.getByText('1 row', { exact: true }).waitFor()
})

test('a product is downloaded as CSV, value by value what it is, and as Parquet', async () => {
  await using tab = await openTab(browser, `${house.url}/products/${productId}?tab=accounting`)
  const { page } = tab
  await page.getByText('361 rows came in = 360 landed + 1 rejected').waitFor()
  const download = async (kind: string) => {
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: `Download ${kind}` }).click()
    const file = await coming
    return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) }
  }
  const csv = await download('CSV')
  const rows = Array.from({ length: 300 }, (_, i) => {
    const { id, code, name } = PARTS[i % 60] ?? { id: 0, code: '', name: '' }
    return `${i + 1},${id},${i % 9 === 0 ? 'much' : i},${code},${inCsv(name)}\n`
  })
  assert.equal(csv.name, 'sales with parts.csv')
  assert.equal(csv.bytes.toString(), `sale,part_id,amount,code,name\n${rows.join('')}`)
  const parquet = await download('Parquet')
  assert.deepEqual([parquet.name, parquet.bytes.subarray(0, 4).toString()], ['sales with parts.parquet', 'PAR1'])
})

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
