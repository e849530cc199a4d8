// A tab as a person has it. Whatever the browser complains of in it fails the test, unless that is what the test is about.

import assert from 'node:assert/strict'

import type { Browser, Page } from 'playwright-core'

export interface Looks {
  scheme?: 'light' | 'dark'
  width?: number
  height?: number
}

export interface Tab extends AsyncDisposable {
  page: Page
  /** Complaints that the test itself brings about, such as those of a network that it cuts. */
  forgive(complaint: RegExp): void
}

const WAIT_MS_MAX = 15_000

/** Of a browser profile of its own: nothing that another tab stored is there. It fails as it is closed if anything was complained of. */
export async function openTab(browser: Browser, address: string, looks: Looks = {}): Promise<Tab> {
  const { scheme = 'light', width = 1280, height = 800 } = looks
  const viewport = { width, height }
  const context = await browser.newContext({ colorScheme: scheme, viewport, reducedMotion: 'reduce' })
  context.setDefaultTimeout(WAIT_MS_MAX)
  const page = await context.newPage()
  const complaints: string[] = []
  const forgiven: RegExp[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)))
  await page.goto(address)
  return {
    page,
    forgive: (complaint) => void forgiven.push(complaint),
    async [Symbol.asyncDispose]() {
      await context.close()
      const unforgiven = complaints.filter((one) => !forgiven.some((pattern) => pattern.test(one)))
      assert.deepEqual(unforgiven, [], `the browser complained at ${address}`)
    },
  }
}
