// Two faces on one runtime that share nothing else: Studio, and a customer's page with its own server and origin (examples/upload-box).
// And two tenants in them, who see nothing of each other.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, before, test } from 'node:test'

import { type NodeProcess, startProcess } from '@biplane/client/testing'
import type { Browser, Page } from 'playwright-core'

import { launchChromium } from './chromium.ts'
import { type House, openHouse } from './house.ts'
import { type Keys, makeKeys } from './keys.ts'
import { assertAccessible, assertFits } from './looks-well.ts'
import { openTab } from './tab.ts'

let keys: Keys
let house: House
let customerPage: NodeProcess
let browser: Browser

before(async () => {
  keys = await makeKeys({ ada: 'acme', bo: 'bolt' })
  // The gateway has to know the page's origin, and the page the gateway's address.
  const port = await freePort()
  const gatewayEnv = { ...keys.gatewayEnv, BIPLANE_ORIGINS: `http://127.0.0.1:${port}` }
  ;[house, browser] = await Promise.all([openHouse('studio', keys.runtimeEnv, gatewayEnv), launchChromium()])
  customerPage = await startProcess({
    main: 'examples/upload-box/main.ts',
    env: { BIPLANE_URL: house.url, BIPLANE_API_KEY: keys.keys['ada']!, PORT: String(port) },
  })
})
after(async () => {
  await browser?.close()
  await customerPage?.[Symbol.asyncDispose]()
  await house?.[Symbol.asyncDispose]()
  await keys?.[Symbol.asyncDispose]()
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function enter(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'API key' }).fill(keys.keys[name]!)
  await page.keyboard.press('Enter')
}

const ROWS = Array.from({ length: 5_000 }, (_, i) => `${i},${i * 2}`).join('\n')
const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })

test('a customer sends a file on a page of another origin, and Studio of the same tenant has it, and of another has not', async () => {
  await using ada = await openTab(browser, house.url)
  await using bo = await openTab(browser, house.url)
  await using customer = await openTab(browser, customerPage.url)
  // Who signs in by a key is refused without one, and there is no other door.
  for (const tab of [ada, bo]) tab.forgive(/40[14]/)
  await enter(ada.page, 'ada')
  await enter(bo.page, 'bo')
  for (const { page } of [ada, bo]) await page.getByText('No tables yet').waitFor()
  await assertAccessible(customer.page)
  await assertFits(customer.page)
  await customer.page.locator('input[type=file]').setInputFiles(file('parts.csv', `part,weight\n${ROWS}\nodd\n`))
  await customer.page.getByText('Thank you. 5000 rows arrived, 1 were not understood.').waitFor()
  await ada.page.reload()
  await ada.page.getByText('parts.csv').first().waitFor()
  await bo.page.reload()
  await bo.page.getByText('No tables yet').waitFor()
  assert.equal(await bo.page.getByText('parts.csv').count(), 0)
})

test('what cannot be read is said on the page, and it goes on through a gateway and a runtime that are killed', async () => {
  await using customer = await openTab(browser, customerPage.url)
  customer.forgive(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_CONNECTION_RESET|503|ERR_EMPTY_RESPONSE/)
  const { page } = customer
  const input = page.locator('input[type=file]')
  await input.setInputFiles(file('empty.csv', ' \n'))
  await page.getByText('The file is empty. Upload one that has at least a header.').waitFor()
  const many = Array.from({ length: 400_000 }, (_, i) => `${i},${i % 7},text ${i}`).join('\n')
  await input.setInputFiles(file('many.csv', `a,b,c\n${many}\n`))
  await page.getByText(/Reading|looking at them/).waitFor()
  await house.runtime.kill()
  await house.killGateway()
  await house.runtime.start()
  await house.startGateway()
  await page.getByText('Thank you. 400000 rows arrived, 0 were not understood.').waitFor({ timeout: 60_000 })
})
