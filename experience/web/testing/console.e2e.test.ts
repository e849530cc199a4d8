// Console in a real browser, on both real planes.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import type { Browser } from 'playwright-core'

import { launchChromium } from './chromium.ts'
import { testEveryPage } from './every-page.ts'
import { type House, openHouse } from './house.ts'
import { assertAccessible } from './looks-well.ts'
import { openTab } from './tab.ts'
import { WORKSHOP_REALM } from './workshop-realm.ts'
import { type Workshop, fillWorkshop } from './workshop.ts'

let house: House
let browser: Browser
let workshop: Workshop

before(async () => {
  ;[house, browser] = await Promise.all([openHouse('console', {}, {}, WORKSHOP_REALM), launchChromium()])
  workshop = await fillWorkshop(house.client)
})
after(async () => {
  await browser?.close()
  await house?.[Symbol.asyncDispose]()
})

testEveryPage(
  [
    { path: '/', heading: 'Executions', shows: 'workshop.lathe' },
    { path: () => `/executions/${workshop.failed}`, heading: 'workshop.order', shows: 'undo reserve' },
    { path: '/sessions', heading: 'Sessions', shows: 'ada' },
    { path: () => `/sessions/${workshop.session}`, heading: 'Session', shows: 'revision 1' },
    { path: '/capabilities', heading: 'Capabilities', shows: 'Build and ship an order' },
    { path: '/capabilities/workshop.order', heading: 'Build and ship an order', shows: 'What is ordered' },
  ],
  () => browser,
  () => house.url,
)

test('each state says why in a sentence, and offers what can be done there', async () => {
  await using tab = await openTab(browser, house.url)
  const { page } = tab
  const stands = async (id: string, why: RegExp, acts: string[]) => {
    await page.goto(`${house.url}/executions/${id}`)
    await page.getByText(why).first().waitFor()
    const buttons = await page.locator('main .page > div').first().getByRole('button').allInnerTexts()
    assert.deepEqual(
      buttons.filter((text) => text !== ''),
      acts,
    )
  }
  await stands(workshop.waiting, /It waits for the signal “paid”, until \d+ \w+ 2/, ['Pause', 'Cancel', 'Signal'])
  await stands(workshop.paused, /Paused: the bank is closed until Monday/, ['Resume', 'Cancel', 'Signal'])
  await stands(workshop.queued, /Queued: it waits for/, ['Pause', 'Cancel', 'Signal'])
  await stands(workshop.parked, /It cannot go on by itself: .*other lock/, ['Try again', 'Settle'])
  await assertAccessible(page)
})

test('a list that is narrowed has an address that shows the same, and the keyboard alone opens what is in it', async () => {
  await using tab = await openTab(browser, house.url)
  const { page } = tab
  await page.getByRole('button', { name: 'Failed' }).click()
  await page.waitForURL(/status=failed/)
  await page.getByRole('combobox', { name: 'Intent type' }).fill('workshop.order')
  await page.keyboard.press('Enter')
  await page.waitForURL(/type=workshop.order/)
  await page.reload()
  await page.getByRole('row').nth(1).waitFor()
  assert.deepEqual(await page.getByRole('row').locator('.mono').first().innerText(), workshop.failed)
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('j')
  await page.locator('[data-row="0"]:focus').waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(new RegExp(workshop.failed))
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^Find/ }).fill(workshop.session)
  await page.getByRole('option', { name: workshop.session }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByText('revision 1').waitFor()
})

test('who has scrolled away is told how many have come, and sees them when they like', async () => {
  await using tab = await openTab(browser, house.url, { height: 500 })
  const { page } = tab
  await page.getByText('workshop.nap').first().waitFor()
  const box = page.getByRole('table', { name: 'Executions' })
  await box.hover()
  await page.mouse.wheel(0, 300)
  const inView = await box.locator('[data-row]').first().innerText()
  await Promise.all([1, 2, 3].map(() => house.client.submit({ type: 'workshop.tick', payload: {} })))
  await page.getByRole('button', { name: '3 new' }).click()
  await page.getByText('workshop.tick').first().waitFor()
  assert.notEqual(inView, 'workshop.tick')
})

test('a session comes when it is made, and says so when it is closed', async () => {
  await using tab = await openTab(browser, `${house.url}/sessions`)
  const { page } = tab
  await page.locator('[data-line="live"]').waitFor()
  const { session_id } = await house.client.createSession({ userId: 'grace' })
  const row = page.getByRole('row').filter({ hasText: session_id })
  await row.getByText('grace').waitFor()
  await house.client.closeSession(session_id)
  await row.getByText('Closed').waitFor()
})

test('a form made of a schema submits with a file, and asks; what does not fit is said at its field', async () => {
  await using tab = await openTab(browser, `${house.url}/capabilities/workshop.scan`)
  const { page } = tab
  tab.forgive(/422/)
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('12345') })
  await page.getByRole('button', { name: 'Submit' }).click()
  await page.getByRole('status').getByRole('link').click()
  await page.getByText('bytes:').waitFor()
  await page.goto(`${house.url}/capabilities/workshop.stock`)
  await page.getByRole('button', { name: 'Fill in the example' }).click()
  await page.getByRole('button', { name: 'Ask', exact: true }).click()
  await page.getByRole('region', { name: 'Answer' }).getByText('left:').waitFor()
  await page.goto(`${house.url}/capabilities/workshop.order`)
  await page.getByLabel('sku').fill('lamp')
  await page.getByLabel('count').fill('99')
  await page.getByRole('button', { name: 'Submit' }).click()
  await page.getByRole('alert').waitFor()
  assert.equal(await page.getByLabel('count').getAttribute('aria-invalid'), 'true')
})
