// Console in a real browser, on both real planes.

import { after, before } from 'node:test'

import type { Browser } from 'playwright-core'

import { launchChromium } from './chromium.ts'
import { testEveryPage } from './every-page.ts'
import { type House, openHouse } from './house.ts'
import { upload } from './upload.ts'

let house: House
let browser: Browser

before(async () => {
  ;[house, browser] = await Promise.all([openHouse('console'), launchChromium()])
  await upload(house.client, 'orders.csv', 'order,amount\n1,12.5\n2,7\n')
})
after(async () => {
  await browser?.close()
  await house?.[Symbol.asyncDispose]()
})

testEveryPage(
  [{ path: '/', heading: 'Executions', shows: 'content.upload' }],
  () => browser,
  () => house.url,
)
