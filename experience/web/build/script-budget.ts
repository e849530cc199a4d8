// What a browser must load and parse before it shows anything: the entry and all that it imports statically. Grids and charts come
// when they are wanted, by `import()`, and do not count.

import { gzipSync } from 'node:zlib'

import type { Plugin } from 'vite'

const SCRIPT_BYTES_MAX = 250 * 1024

interface Chunk {
  type: 'chunk'
  isEntry: boolean
  /** File names of the chunks that it imports statically. */
  imports: string[]
  code: string
}

type Bundle = Record<string, Chunk | { type: 'asset' }>

/** Fails a build whose first load is more script than an app may have. `maxBytes`: gzipped. */
export const withinBudget = (app: string, maxBytes = SCRIPT_BYTES_MAX): Plugin => ({
  name: 'biplane-script-budget',
  writeBundle(_options, bundle) {
    const bytes = initialScriptBytes(bundle)
    if (bytes <= maxBytes) return
    this.error(
      `The first load of ${app} is ${kib(bytes)} of script, gzipped; ${kib(maxBytes)} are allowed. ` +
        'Load what is not needed at once by import(), such as a route, a grid or a chart.',
    )
  },
})

function initialScriptBytes(bundle: Bundle): number {
  const waiting = Object.keys(bundle).filter((file) => entryIn(bundle, file)?.isEntry)
  const seen = new Set<string>()
  let bytes = 0
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const chunk = entryIn(bundle, file)
    if (chunk === null || seen.has(file)) continue
    seen.add(file)
    bytes += gzipSync(chunk.code).byteLength
    waiting.push(...chunk.imports)
  }
  return bytes
}

function entryIn(bundle: Bundle, file: string): Chunk | null {
  const output = bundle[file]
  return output?.type === 'chunk' ? output : null
}

const kib = (bytes: number): string => `${Math.ceil(bytes / 1024)} KiB`
