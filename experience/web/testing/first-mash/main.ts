// `npm run first-mash -w @biplane/web`: how long it takes from a clone of this repository to the first finished mash in a browser, by one
// command and a drop. It clones, runs `npm start` with nothing set up, drops two files that do not match, and says yes when it is asked.
// What npm has in its cache it does not load again, as on any machine that has installed something before.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { ROOT } from '@biplane/client/testing'

import { launchChromium } from '../chromium.ts'
import { openTab } from '../tab.ts'

const run = promisify(execFile)
const START_MS_MAX = 300_000
const PORTS = { RUNTIME_PORT: '0', GATEWAY_PORT: '0', CONSOLE_PORT: '0' }
/** Where the experience says that it listens. */
const ADDRESS = /Experience\s+(http:\/\/127\.0\.0\.1:\d+)/

const csv = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
const CUSTOMERS = Array.from({ length: 300 }, (_, i) => `${i + 1},Customer ${i + 1},${['DE', 'FR', 'IT'][i % 3]}`)
const ORDERS = Array.from({ length: 1_000 }, (_, i) => `${i + 1},${(i % 300) + 1},${(i * 7) % 90}.50`)

const folder = await mkdtemp(join(tmpdir(), 'biplane-first-mash-'))
await using browser = await launchChromium()
const beganMs = Date.now()
const seconds = (): string => `${((Date.now() - beganMs) / 1000).toFixed(1)} s`
await run('git', ['clone', '--quiet', ROOT, folder])
console.log(`cloned          ${seconds()}`)
// Its own group, so that all that npm has started ends with it.
const start = spawn('npm', ['start'], {
  cwd: folder,
  env: { ...process.env, ...PORTS, BIPLANE_DATA: join(folder, '.biplane') },
  detached: true,
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  const url = await addressIn(start.stdout)
  console.log(`npm start runs  ${seconds()}`)
  await using tab = await openTab(browser, url)
  const { page } = tab
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles([
      csv('customers.csv', `customer_id;name;country\n${CUSTOMERS.join('\n').replaceAll(',', ';')}\n`),
      csv('orders.csv', `order,customer,amount\n${ORDERS.join('\n')}\n`),
    ])
  console.log(`files dropped   ${seconds()}`)
  for (const name of ['customers.csv', 'orders.csv'])
    await page.getByRole('checkbox', { name: `Choose ${name}` }).check()
  await page.getByRole('link', { name: 'Mash them' }).click()
  await page.getByRole('button', { name: 'Mash 2 tables' }).click()
  await page.getByRole('button', { name: 'Make the table' }).click({ timeout: 60_000 })
  await page.getByText('is made').waitFor({ timeout: 60_000 })
  console.log(`the table       ${seconds()}`)
} finally {
  process.kill(-(start.pid as number), 'SIGTERM')
  if (start.exitCode === null) await once(start, 'exit')
  await rm(folder, { recursive: true, force: true })
}

async function addressIn(output: AsyncIterable<Buffer>): Promise<string> {
  const late = setTimeout(() => start.kill(), START_MS_MAX)
  let text = ''
  try {
    for await (const piece of output) {
      text += piece.toString()
      const address = ADDRESS.exec(text)?.[1]
      if (address !== undefined) return address
    }
  } finally {
    clearTimeout(late)
  }
  throw new Error(`npm start ended without an address:\n${text}`)
}
