import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { buffer } from 'node:stream/consumers'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'

import { type Experience, createExperience } from '@biplane/gateway'

import { CSP_NONCE } from '../build/csp-nonce.ts'
import { webSurface } from './web-surface.ts'

const SCRIPT = `console.log('${'x'.repeat(2000)}')`
const NOBODY = 'http://127.0.0.1:9'
const OF_A_PERSON = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
let dist: string
let gateway: Experience
let url: string

before(async () => {
  dist = await mkdtemp(join(tmpdir(), 'biplane-web-'))
  await mkdir(join(dist, 'studio/assets'), { recursive: true })
  await writeFile(join(dist, 'studio/studio.html'), `<script nonce="${CSP_NONCE}"></script>the app`)
  await writeFile(join(dist, 'studio/assets/main-abc.js'), SCRIPT)
  await writeFile(join(dist, 'studio/assets/main-abc.js.gz'), gzipSync(SCRIPT))
  await writeFile(join(dist, 'studio/secret.json'), '{}')
  const surfaces = ['rest', webSurface('studio', dist)] as const
  gateway = await createExperience({ surfaces, runtimeUrl: NOBODY, port: 0, logLevel: 'silent', uploadsFolder: dist })
  url = await gateway.listen()
})

after(async () => {
  await gateway.close()
  await rm(dist, { recursive: true })
})

/** As it is on the line: fetch would unpack it, and tidy the address. */
async function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const { hostname, port } = new URL(url)
  const outgoing = request({ hostname, port, path, headers, method }).end()
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: answer.statusCode, headers: answer.headers, bytes: await buffer(answer) }
}

test('the page carries a policy with the nonce of this one answer, and is never kept', async () => {
  const nonces = new Set<string>()
  for (let i = 0; i < 2; i++) {
    const { status, headers, bytes } = await get('/')
    assert.equal(status, 200)
    assert.equal(headers['cache-control'], 'no-store')
    const policy = String(headers['content-security-policy'])
    const [, nonce = ''] = /style-src 'self' 'nonce-([\w-]{24})'/.exec(policy) ?? []
    assert.equal(String(bytes), `<script nonce="${nonce}"></script>the app`)
    for (const rule of ["default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'"]) {
      assert.ok(policy.includes(rule), policy)
    }
    assert.doesNotMatch(policy, /unsafe/)
    nonces.add(nonce)
  }
  assert.equal(nonces.size, 2)
})

test('an asset may be kept for ever, and comes in the smallest form that the browser takes', async () => {
  const packed = await get('/assets/main-abc.js', { 'accept-encoding': 'gzip, deflate, br' })
  assert.equal(packed.headers['content-encoding'], 'gzip')
  assert.match(String(packed.headers['cache-control']), /immutable/)
  assert.equal(packed.headers.vary, 'accept-encoding')
  assert.equal(String(gunzipSync(packed.bytes)), SCRIPT)
  const plain = await get('/assets/main-abc.js')
  assert.equal(plain.headers['content-encoding'], undefined)
  assert.match(String(plain.headers['content-type']), /^text\/javascript/)
  assert.equal(String(plain.bytes), SCRIPT)
})

test('a person who reloads deep in the app gets it; a program with a wrong address, or a wrong call, is told so', async () => {
  assert.match(String((await get('/contents/cnt_1?tab=rows', OF_A_PERSON)).bytes), /the app/)
  const others: [string, Record<string, string>, string?][] = [
    ['/contents/cnt_1', {}],
    ['/v1/no/such/call/at/all', OF_A_PERSON],
    ['/v1', OF_A_PERSON],
    ['/auth/no-such', OF_A_PERSON],
    ['/assets/gone-abc.js', OF_A_PERSON],
    ['/contents', OF_A_PERSON, 'POST'],
  ]
  for (const [path, headers, method] of others) {
    const { status, headers: answered } = await get(path, headers, method)
    assert.ok(status === 404 || status === 503, `${path} answered ${status}`)
    assert.match(String(answered['content-type']), /^application\/problem\+json/, path)
  }
})

test('nothing but the assets can be had', async () => {
  for (const path of ['../secret.json', '..%2fsecret.json', '%2e%2e/secret.json', '../studio.html', '.hidden.js']) {
    const { status, bytes } = await get(`/assets/${path}`)
    assert.equal(status, 404, path)
    assert.doesNotMatch(String(bytes), /^\{\}|the app/)
  }
})

test('where nothing is built the page says what to do', async () => {
  const surfaces = [webSurface('console', dist)]
  await using bare = await createExperience({ surfaces, runtimeUrl: NOBODY, port: 0, logLevel: 'silent' })
  const response = await fetch(await bare.listen())
  assert.equal(response.status, 503)
  assert.match(await response.text(), /npm start/)
})

test('two apps cannot have one address', async () => {
  const surfaces = [webSurface('studio', dist), webSurface('console', dist)]
  await assert.rejects(createExperience({ surfaces, runtimeUrl: NOBODY, port: 0 }), /a page at \/ already/)
})
