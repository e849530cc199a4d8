// The apps where callers must say who they are, in a real browser.

import { after, before, test } from 'node:test'

import type { Browser } from 'playwright-core'

import { launchChromium } from './chromium.ts'
import { type House, openHouse } from './house.ts'
import { type Keys, makeKeys } from './keys.ts'
import { assertAccessible, assertFits } from './looks-well.ts'
import { openTab } from './tab.ts'

let keys: Keys
let house: House
let browser: Browser

before(async () => {
  keys = await makeKeys({ ada: 'acme' })
  ;[house, browser] = await Promise.all([openHouse('studio', keys.runtimeEnv, keys.gatewayEnv), launchChromium()])
})
after(async () => {
  await browser?.close()
  await house?.[Symbol.asyncDispose]()
  await keys?.[Symbol.asyncDispose]()
})

test('a key lets in until one leaves, and one that does not hold is said to', async () => {
  await using tab = await openTab(browser, house.url, { scheme: 'dark', width: 360 })
  const { page } = tab
  tab.forgive(/40[14]/)
  const asks = page.getByRole('heading', { name: 'Who is there?' })
  const enter = async (text: string) => {
    await page.getByRole('textbox', { name: 'API key' }).fill(text)
    await page.keyboard.press('Enter')
  }
  await asks.waitFor()
  await assertAccessible(page)
  await assertFits(page)
  await enter('bpk_of_nobody')
  await page.getByText('This key does not hold').waitFor()
  await assertAccessible(page)
  await enter(keys.keys['ada']!)
  await page.getByText('No tables yet').waitFor()
  await page.reload()
  await page.getByText('No tables yet').waitFor()
  await page.getByRole('button', { name: 'key:ada, of acme' }).click()
  await page.getByRole('menuitem', { name: 'Leave' }).click()
  await asks.waitFor()
})
