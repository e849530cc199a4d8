// `npm run crowd -w @biplane/web`: how smooth Console's list is with 100,000 executions, while 200 events a second come. It fills a runtime
// through its own door, opens the page, and prints the long tasks, the frames and the time from a key to what it does, at the top
// of the list and while it is scrolled. `-- 20000 200`: other numbers of both.

import { setTimeout as sleep } from 'node:timers/promises'

import { createClient } from '@biplane/client'
import type { Page } from 'playwright-core'

import { launchChromium } from '../chromium.ts'
import { openHouse } from '../house.ts'
import { openTab } from '../tab.ts'
import { WORKSHOP_REALM } from '../workshop-realm.ts'
import { type Measured, MEASURE, TAKE } from './measure.ts'

const [executions = 100_000, eventsPerSecond = 200] = process.argv.slice(2).map(Number)
/** Of `workshop.tick`: accepted, started, its step, completed. */
const EVENTS_EACH = 4
const SESSIONS = 64
const IN_FLIGHT = 128
const MEASURED_MS = 15_000
const WHEELS = 60
const KEYS = 30

await using house = await openHouse('console', {}, {}, WORKSHOP_REALM)
const client = createClient({ url: `${house.runtime.url}/api`, tenantId: 'demo' })
const sessions = await Promise.all(Array.from({ length: SESSIONS }, () => client.createSession()))
let submitted = 0

async function submitOne(): Promise<void> {
  const { session_id } = sessions[submitted++ % SESSIONS]!
  await client.submit({ type: 'workshop.tick', payload: {}, sessionId: session_id })
}

async function fill(): Promise<void> {
  const beganMs = Date.now()
  const worker = async () => {
    while (submitted < executions) {
      const nth = submitted + 1
      await submitOne()
      if (nth % 10_000 === 0) console.log(`${nth} executions, ${Math.round((Date.now() - beganMs) / 1000)} s`)
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker))
}

/** Until `isOver`, so many a second; what is late is made up for. */
async function tick(isOver: () => boolean): Promise<number> {
  const beganMs = Date.now()
  const perSecond = eventsPerSecond / EVENTS_EACH
  const under: Promise<void>[] = []
  while (!isOver()) {
    const due = ((Date.now() - beganMs) / 1000) * perSecond
    while (under.length < due) under.push(submitOne())
    await sleep(20)
  }
  await Promise.all(under)
  return (under.length * EVENTS_EACH) / ((Date.now() - beganMs) / 1000)
}

function print(name: string, { longTasksMs, framesMs, keysMs }: Measured): void {
  const at = (values: number[], part: number) =>
    values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)] ?? 0
  const ms = (value: number) => `${value.toFixed(1)} ms`
  const long = longTasksMs.length === 0 ? 'none' : `${longTasksMs.length}, the longest ${ms(Math.max(...longTasksMs))}`
  console.log(`${name}:`)
  console.log(`  long tasks (over 50 ms): ${long}`)
  console.log(
    `  frames: ${framesMs.length}, median ${ms(at(framesMs, 0.5))}, p95 ${ms(at(framesMs, 0.95))}, longest ${ms(at(framesMs, 1))}`,
  )
  if (keysMs.length > 0)
    console.log(`  from a key to the frame that shows it: p95 ${ms(at(keysMs, 0.95))}, longest ${ms(at(keysMs, 1))}`)
}

async function measured(page: Page, during: () => Promise<void>): Promise<Measured> {
  await page.evaluate(MEASURE)
  await during()
  return page.evaluate<Measured>(TAKE)
}

await fill()
const browser = await launchChromium()
try {
  await using tab = await openTab(browser, house.url)
  const { page } = tab
  await page.locator('[data-row]').first().waitFor()
  let isOver = false
  const ticking = tick(() => isOver)
  print('at the top of the list, which changes', await measured(page, () => sleep(MEASURED_MS)))
  const keys = async () => {
    for (let n = 0; n < KEYS; n++) {
      await page.keyboard.press('j')
      await sleep(100)
    }
  }
  print('going through it with j', await measured(page, keys))
  const wheel = async () => {
    await page.getByRole('table').hover()
    for (let n = 0; n < WHEELS; n++) {
      await page.mouse.wheel(0, 900)
      await sleep(100)
    }
  }
  print('scrolled away, older ones loaded as it goes', await measured(page, wheel))
  console.log(`  ${await page.getByRole('button', { name: / new$/ }).innerText()}`)
  isOver = true
  console.log(`with ${submitted} executions, and ${Math.round(await ticking)} events a second`)
} finally {
  await browser.close()
}
