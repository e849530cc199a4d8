// The pages of Studio that are looked at, with long names and many columns.

import type { Page } from 'playwright-core'

import type { House } from '../house.ts'
import { upload } from '../upload.ts'
import type { Shot } from './shot.ts'

const LONG_NAME = `${'measurements of every station in every year since the first one '.repeat(2)}.csv`
const COLUMNS = 200
const WIDE = 'one row for each day and a column for each of the stations of the whole network.csv'

const made = { wide: '', product: '' }

async function bringTables({ client }: House): Promise<void> {
  await upload(
    client,
    'stock.csv',
    `sku,count\n${numbers(1200)
      .map((i) => `s${i},${i}`)
      .join('\n')}\n`,
  )
  await upload(client, LONG_NAME, 'station,year,value\nA,1871,3\n')
  const names = numbers(COLUMNS).map((i) => (i === 3 ? 'a name that is itself as long as a sentence' : `station ${i}`))
  const rows = numbers(2000).map((row) =>
    numbers(COLUMNS)
      .map((column) => valueAt(row, column))
      .join(','),
  )
  await upload(client, WIDE, `${names.join(',')}\n${rows.join('\n')}\nodd\n`)
  const customers = numbers(60).map(
    (i) => `C${i},${['Ada', 'Grace', 'Edsger'][i % 3]} ${i},${String(i).padStart(5, '0')}`,
  )
  await upload(client, 'customers.csv', `customer_id,name,zip\n${customers.join('\n')}\nC1,Twice,00001\n`)
  const orders = numbers(900).map(
    (i) => `${i},C${(i % 61) + 1},${i % 90 === 0 ? 'much' : i / 4},2024-0${(i % 9) + 1}-11`,
  )
  await upload(client, 'orders.csv', `order,customer_id,amount,day\n${orders.join('\n')}\nodd\n`)
  made.wide = await idOf(client, WIDE)
  const content_ids = [await idOf(client, 'orders.csv'), await idOf(client, 'customers.csv')]
  const { execution_id } = await client.submit('data_mash.create', { content_ids, name: 'orders with customers' })
  const { result } = await client.result(execution_id)
  made.product = (result as { product_id: string }).product_id
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

/** Numbers, texts, and here and there nothing, or what is no number. */
function valueAt(row: number, column: number): string {
  if (column % 5 === 0) return ['calm', 'a light wind from the sea', 'storm'][row % 3] ?? ''
  if (row % 17 === 0) return ''
  return row % 400 === column ? 'broken' : String((row * column) % 997)
}

async function idOf(client: House['client'], find: string): Promise<string> {
  const { contents } = await client.query<{ contents: { content_id: string }[] }>('content.list', { find })
  return contents[0]?.content_id ?? ''
}

const table = (name: string, tab: string, after: NonNullable<Shot['after']>): Shot => ({
  name,
  path: '/',
  before: () => Promise.resolve(`/tables/${made.wide}?tab=${tab}`),
  after,
})

const product = (tab: string, after: NonNullable<Shot['after']>): Shot => ({
  name: `product-${tab}`,
  path: '/',
  before: () => Promise.resolve(`/products/${made.product}?tab=${tab}`),
  after,
})

export const STUDIO_PAGES: readonly Shot[] = [
  { name: 'empty', path: '/' },
  { name: 'home', path: '/', before: bringTables },
  { name: 'find', path: '/', after: openFind },
  { name: 'keys', path: '/', after: openKeys },
  { name: 'nowhere', path: '/no/such/page' },
  table('rows', 'rows', endOfGrid),
  table('columns', 'profile', (page) => page.locator('.bars canvas').first().waitFor()),
  table('rejected', 'rejected', (page) => page.getByRole('gridcell').first().waitFor()),
  product('rows', (page) => page.getByRole('gridcell').first().waitFor()),
  product('ask', ask),
  product('accounting', (page) => page.getByText('All together').waitFor()),
  product('lineage', (page) => page.getByText('Comes from').waitFor()),
  product('quality', (page) => page.getByText('all together').waitFor()),
]

async function openKeys(page: Page): Promise<void> {
  await page.keyboard.press('?')
  await page.getByRole('dialog').getByText('Find, from anywhere').waitFor()
}

async function openFind(page: Page): Promise<void> {
  await page.keyboard.press('/')
  await page.getByRole('combobox').fill('or')
  await page
    .getByRole('option', { name: /orders/ })
    .first()
    .waitFor()
}

async function endOfGrid(page: Page): Promise<void> {
  await page.getByRole('gridcell').first().waitFor()
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+End')
  await page.getByRole('columnheader', { name: `station_${COLUMNS}` }).waitFor()
  await page.getByRole('rowheader', { name: '2,000' }).waitFor()
}

async function ask(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByRole('grid').waitFor()
}
