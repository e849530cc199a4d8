// The files of one built app. They are read when they are asked for: the system keeps them in memory, and a new build is there at
// once, with no restart.

import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

import { CSP_NONCE } from '../build/csp-nonce.ts'

export type AppName = 'studio' | 'console'

interface Asset {
  bytes: Buffer
  type: string
  /** `br` or `gzip`; null if it goes out as it is. */
  encoding: string | null
}

export interface BuiltApp {
  /** The page, once its nonce is known; null if the app is not built. */
  page(): Promise<((nonce: string) => string) | null>
  /** In an encoding that the browser takes; null if there is none of that name. */
  asset(file: string, accepted: string): Promise<Asset | null>
}

const DIST = join(import.meta.dirname, '../dist')
const TYPES: Partial<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
}
/** The smallest first. The build makes both. */
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const

export function openBuilt(name: AppName, dist: string = DIST): BuiltApp {
  const folder = join(dist, name)
  return {
    async page() {
      const html = await readIfThere(join(folder, `${name}.html`))
      return html === null ? null : (nonce) => html.toString().replaceAll(CSP_NONCE, nonce)
    },
    async asset(file, accepted) {
      const type = TYPES[extname(file)]
      if (type === undefined) return null
      const path = join(folder, 'assets', file)
      for (const [encoding, ending] of ENCODINGS.filter(([one]) => accepted.includes(one))) {
        const bytes = await readIfThere(path + ending)
        if (bytes !== null) return { bytes, type, encoding }
      }
      const bytes = await readIfThere(path)
      return bytes === null ? null : { bytes, type, encoding: null }
    },
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
