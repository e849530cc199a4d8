// `npm run shots`: every page of both apps, light and dark, wide and narrow, into .biplane/shots/. `npm run shots -- console` takes those
// of one app. A page that is to be seen has a row in pages.ts.

import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { ROOT } from '@biplane/client/testing'
import type { Browser } from 'playwright-core'

import { launchChromium } from '../chromium.ts'
import { type House, openHouse } from '../house.ts'
import { openTab } from '../tab.ts'
import { PAGES, type Shot } from './pages.ts'

const FOLDER = join(ROOT, '.biplane/shots')
const SCHEMES = ['light', 'dark'] as const
const WIDTHS = { narrow: [360, 740], wide: [1440, 900] } as const

const [only] = process.argv.slice(2)
await mkdir(FOLDER, { recursive: true })
const browser = await launchChromium()
try {
  for (const app of ['studio', 'console'] as const) {
    if (only !== undefined && only !== app) continue
    await using house = await openHouse(app)
    for (const shot of PAGES[app]) await take(browser, house, app, shot)
  }
} finally {
  await browser.close()
}

async function take(with_: Browser, house: House, app: string, { name, path, before, after }: Shot): Promise<void> {
  const address = house.url + ((await before?.(house)) ?? path)
  for (const scheme of SCHEMES) {
    for (const [size, [width, height]] of Object.entries(WIDTHS)) {
      await using tab = await openTab(with_, address, { scheme, width, height })
      await tab.page.getByRole('heading', { level: 1 }).waitFor()
      await tab.page.locator('.loading').waitFor({ state: 'detached' })
      await after?.(tab.page)
      const file = join(FOLDER, `${app}-${name}-${scheme}-${size}.png`)
      await tab.page.screenshot({ path: file, animations: 'disabled' })
      console.log(file)
    }
  }
}
