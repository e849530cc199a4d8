// The key that cookies are sealed with. Gateways that share it take each other's cookies. It is made where there is none, so that
// a first start needs nothing; whoever removes it signs everybody out.

import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

import { isErrorCode, readIfThere } from '../identity/read-if-there.ts'

const KEY_BYTES = 32
const FILE_MODE = 0o600

/** @throws Error if the file cannot be read or made, or holds something else */
export async function cookieKey(path: string): Promise<Uint8Array> {
  const text = (await readIfThere(path)) ?? (await make(path))
  const key = Buffer.from(text.trim(), 'base64url')
  if (key.length === KEY_BYTES) return key
  throw new Error(`it must hold ${KEY_BYTES} bytes as base64url. Remove it, and the next start makes one.`)
}

/** Several gateways may start at once: the first to finish wins, and no reader ever sees half a key. */
async function make(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  const own = `${path}.${process.pid}`
  const text = randomBytes(KEY_BYTES).toString('base64url')
  await writeFile(own, `${text}\n`, { mode: FILE_MODE })
  try {
    await link(own, path)
    return text
  } catch (error) {
    if (!isErrorCode(error, 'EEXIST')) throw error
    return await readFile(path, 'utf8')
  } finally {
    await rm(own)
  }
}
