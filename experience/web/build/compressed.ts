// Beside each text asset its compressed forms, made once here instead of at every request.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

import type { Plugin } from 'vite'

const TEXTS = /\.(js|css|svg|json|wasm)$/
/** Below it the headers are most of the answer. */
const BYTES_MIN = 1024
/** The levels above cost seconds and save a few percent. */
const BROTLI_QUALITY = 9

export const compressed = (): Plugin => ({
  name: 'biplane-compressed',
  async writeBundle({ dir = '.' }, bundle) {
    const files = Object.keys(bundle).filter((file) => TEXTS.test(file))
    await Promise.all(files.map((file) => compress(join(dir, file))))
  },
})

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path)
  if (bytes.byteLength < BYTES_MIN) return
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY }
  const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes, { params }), promisify(gzip)(bytes)])
  await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)])
}
