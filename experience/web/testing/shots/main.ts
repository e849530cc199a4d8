// `npm run shots`: every page of both apps, light and dark, wide and narrow, into .biplane/shots/. `npm run shots -- console` takes those
// of one app, and `npm run shots -- console session` one of them. A page that is to be seen has a row in pages.ts.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { ROOT } from '@biplane/client/testing'
import type { Browser } from 'playwright-core'

import { launchChromium } from '../chromium.ts'
import { type House, openHouse } from '../house.ts'
import { openTab } from '../tab.ts'
import { WORKSHOP_REALM } from '../workshop-realm.ts'
import { PAGES } from './pages.ts'
import type { Shot } from './shot.ts'

const FOLDER = join(ROOT, '.biplane/shots')
const SCHEMES = ['light', 'dark'] as const
const WIDTHS = { narrow: [360, 740], wide: [1440, 900] } as const

/** Console is shown on a realm that has something of everything that an operator can meet. */
const REALMS = { studio: undefined, console: WORKSHOP_REALM }

const [only, onlyShot] = process.argv.slice(2)
await mkdir(FOLDER, { recursive: true })
const browser = await launchChromium()
try {
  for (const app of ['studio', 'console'] as const) {
    if (only !== undefined && only !== app) continue
    await using house = await openHouse(app, {}, {}, REALMS[app])
    for (const shot of PAGES[app]) await take(browser, house, app, shot)
  }
} finally {
  await browser.close()
}

async function take(with_: Browser, house: House, app: string, shot: Shot): Promise<void> {
  const { name, path, before, after, isWhole = false } = shot
  const address = house.url + ((await before?.(house)) ?? path)
  // What one needs for another is made all the same.
  if (onlyShot !== undefined && onlyShot !== name) return
  for (const scheme of SCHEMES) {
    for (const [size, [width, height]] of Object.entries(WIDTHS)) {
      await using tab = await openTab(with_, address, { scheme, width, height })
      await tab.page.getByRole('heading', { level: 1 }).waitFor()
      await tab.page.locator('.loading').first().waitFor({ state: 'detached' })
      await after?.(tab.page)
      const file = join(FOLDER, `${app}-${name}-${scheme}-${size}.png`)
      await tab.page.screenshot({ path: file, animations: 'disabled', fullPage: isWhole })
      console.log(file)
    }
  }
}
