// Makes the key pair between the planes, once: `node make-keys.ts <private.pem> <public.pem>`. The gateway signs with the first,
// the runtime verifies with the second. What is there already stays.

import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const OWNER_ONLY = 0o600
const EVERYBODY_READS = 0o644

const [privatePath, publicPath] = process.argv.slice(2)
if (privatePath === undefined || publicPath === undefined) {
  process.stderr.write('Usage: node make-keys.ts <private.pem> <public.pem>\n')
  process.exit(2)
}

if (existsSync(privatePath)) process.stdout.write(`The private key ${privatePath} is there.\n`)
else write(privatePath, newPrivateKey(), OWNER_ONLY)
const publicKey = createPublicKey(readFileSync(privatePath)).export({ type: 'spki', format: 'pem' })
if (existsSync(publicPath) && readFileSync(publicPath, 'utf8') === publicKey) {
  process.stdout.write(`The public key ${publicPath} is there.\n`)
} else write(publicPath, publicKey, EVERYBODY_READS)

function newPrivateKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function write(path: string, text: string | Buffer, mode: number): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode })
  process.stdout.write(`Made ${path}.\n`)
}
