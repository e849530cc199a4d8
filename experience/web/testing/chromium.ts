// A real Chromium: the machine's own if it has one, else the one of an npm package, so that a fresh machine needs nothing else.

import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

import packaged from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']
/**
 * Containers and root have no sandbox to give, and little shared memory. The package's own arguments are for one process and no origin
 * policy at all: they would hide what a person's browser refuses.
 */
const ARGS = ['--no-sandbox', '--no-zygote', '--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none']
const LAUNCH_MS_MAX = 60_000

/** `BIPLANE_CHROMIUM` names another one. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env['BIPLANE_CHROMIUM'] ?? installed() ?? (await packaged.executablePath())
  return chromium.launch({ executablePath, args: ARGS, headless: true, timeout: LAUNCH_MS_MAX })
}

const installed = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
