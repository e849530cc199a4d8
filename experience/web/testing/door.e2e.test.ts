// The apps where callers must say who they are, in a real browser.

import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { createKey } from '@biplane/gateway/keys'
import type { Browser } from 'playwright-core'

import { launchChromium } from './chromium.ts'
import { type House, openHouse } from './house.ts'
import { assertAccessible, assertFits } from './looks-well.ts'
import { openTab } from './tab.ts'

let folder: string
let house: House
let browser: Browser
let key: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-door-'))
  const [ours, theirs, keys] = ['service.pem', 'public.pem', 'api-keys.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  await writeFile(ours, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await writeFile(theirs, publicKey.export({ type: 'spki', format: 'pem' }))
  key = (await createKey(keys, { name: 'ada', tenant_id: 'acme', role: 'user' })).key
  ;[house, browser] = await Promise.all([
    openHouse('studio', { BIPLANE_AUTH: theirs }, { BIPLANE_KEYS: keys, BIPLANE_SERVICE_KEY: ours }),
    launchChromium(),
  ])
})
after(async () => {
  await browser?.close()
  await house?.[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
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
  await enter(key)
  await page.getByText('No tables yet').waitFor()
  await page.reload()
  await page.getByText('No tables yet').waitFor()
  await page.getByRole('button', { name: 'key:ada, of acme' }).click()
  await page.getByRole('menuitem', { name: 'Leave' }).click()
  await asks.waitFor()
})
