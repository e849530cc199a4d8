// The pages that are looked at, and what is to be on them. They are taken in this order, in one house for each app.

import type { Page } from 'playwright-core'

import type { House } from '../house.ts'
import { upload } from '../upload.ts'
import { CONSOLE_PAGES } from './console-pages.ts'
import type { Shot } from './shot.ts'

const LONG_NAME = `${'measurements of every station in every year since the first one '.repeat(2)}.csv`

async function bringTables({ client }: House): Promise<void> {
  await upload(client, 'orders.csv', 'order,customer,amount\n1,Ada,12.5\n2,Grace,\n3,Edsger,7\n')
  await upload(client, 'stock.csv', `sku,count\n${Array.from({ length: 1200 }, (_, i) => `s${i},${i}`).join('\n')}\n`)
  await upload(client, LONG_NAME, 'station,year,value\nA,1871,3\n')
}

export const PAGES: Record<'studio' | 'console', readonly Shot[]> = {
  studio: [
    { name: 'empty', path: '/' },
    { name: 'home', path: '/', before: bringTables },
    { name: 'find', path: '/', after: openFind },
    { name: 'keys', path: '/', after: openKeys },
    { name: 'nowhere', path: '/no/such/page' },
  ],
  console: CONSOLE_PAGES,
}

async function openKeys(page: Page): Promise<void> {
  await page.keyboard.press('?')
  await page.getByRole('dialog').getByText('Find, from anywhere').waitFor()
}

async function openFind(page: Page): Promise<void> {
  await page.keyboard.press('/')
  await page.getByRole('combobox').fill('or')
  await page.getByRole('option', { name: /orders/ }).waitFor()
}
