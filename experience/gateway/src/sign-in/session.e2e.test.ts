// Sessions that are half an hour old. No runtime is needed to know who somebody is, so there is none.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'

import { fastify } from 'fastify'

import { type Experience, createExperience } from '../gateway.ts'
import { Browser } from '../testing/browser.ts'
import { CLIENT, type OpenIdProvider, startOpenIdProvider } from '../testing/openid-provider.ts'
import { createProvider } from './provider.ts'
import { sealedCookie } from './sealed-cookie.ts'
import { Session, createSessions } from './session.ts'

let folder: string
let provider: OpenIdProvider
let gateway: Experience
let url: string
const COOKIE = 'biplane-session'
const HOUR_S = 3_600

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-session-'))
  provider = await startOpenIdProvider()
  const serviceKey = join(folder, 'service.pem')
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeFile(serviceKey, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  gateway = await createExperience({
    surfaces: [],
    port: 0,
    runtimeUrl: 'http://127.0.0.1:9',
    logLevel: 'silent',
    serviceKey,
    signIn: { issuer: provider.issuer, ...CLIENT, cookieKey: join(folder, 'cookie.key') },
  })
  url = await gateway.listen()
  provider.open([url])
})
after(async () => {
  await gateway.close()
  await provider[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  provider.people.set('ada', { tenant_id: 'acme', role: 'operator' })
  provider.atTheDesk = 'ada'
})

const me = async (browser: Browser) => {
  const { status, body, headers } = await browser.call('GET', `${url}/auth/me`)
  return { status, body: JSON.parse(body) as Record<string, unknown>, isRenewed: headers['set-cookie'] !== undefined }
}

const sealed = async (purpose = 'session') =>
  sealedCookie(Buffer.from(await readFile(join(folder, 'cookie.key'), 'utf8'), 'base64url'), purpose, Session)

/** Somebody who signed in, as many seconds ago. */
async function signedInBefore(ageS: number): Promise<Browser> {
  const browser = new Browser()
  assert.equal((await browser.open(`${url}/auth/sign-in?return_to=/auth/me`)).status, 200)
  const cookie = await sealed()
  const headers = { cookie: `${COOKIE}=${browser.cookie(url, COOKIE)?.value}` }
  const session = await cookie.read(headers, new URL(url))
  assert.ok(session !== null)
  const older = { ...session, began: session.began - ageS, made: session.made - ageS }
  browser.setCookie(url, await cookie.write(older, older.made + HOUR_S, new URL(url)))
  return browser
}

test('a session is renewed when half of its hour is over, and what the provider says then counts', async () => {
  const young = await signedInBefore(HOUR_S / 2 - 60)
  assert.deepEqual([(await me(young)).status, (await me(young)).isRenewed], [200, false])
  const browser = await signedInBefore(HOUR_S / 2 + 60)
  provider.people.set('ada', { tenant_id: 'acme', role: 'viewer' })
  const renewed = await me(browser)
  assert.deepEqual([renewed.status, renewed.isRenewed, renewed.body['role']], [200, true, 'viewer'])
  assert.ok(Date.parse(String(renewed.body['expires_at'])) > Date.now() + (HOUR_S - 60) * 1_000)
  assert.deepEqual([(await me(browser)).status, (await me(browser)).isRenewed], [200, false])
})

test('two tabs with one cookie are renewed together: a refresh token that counts once is used once', async () => {
  const browser = await signedInBefore(HOUR_S / 2 + 60)
  const other = new Browser()
  other.setCookie(url, `${COOKIE}=${browser.cookie(url, COOKIE)?.value}; Path=/`)
  const tabs = await Promise.all([me(browser), me(other)])
  assert.deepEqual(
    tabs.map(({ status, isRenewed }) => [status, isRenewed]),
    [
      [200, true],
      [200, true],
    ],
  )
})

test('whoever the provider does not know any more, or gives nothing here, is out', async () => {
  const gone = await signedInBefore(HOUR_S / 2 + 60)
  provider.people.delete('ada')
  assert.equal((await me(gone)).status, 401)
  assert.equal(gone.cookie(url, COOKIE), undefined)
  provider.people.set('ada', { tenant_id: 'acme' })
  const homeless = await signedInBefore(HOUR_S / 2 + 60)
  provider.people.set('ada', {})
  assert.equal((await me(homeless)).status, 401)
})

test('while the provider is away, what it said last counts until the hour is over', async () => {
  const browser = await signedInBefore(HOUR_S / 2 + 60)
  const late = await signedInBefore(HOUR_S + 1)
  provider.shut()
  assert.deepEqual([(await me(browser)).status, (await me(browser)).isRenewed], [200, false])
  assert.equal((await me(late)).status, 401)
  provider.open([url])
})

test('twelve hours after signing in, one signs in again', async () => {
  const browser = await signedInBefore(0)
  const cookie = await sealed()
  const session = await cookie.read({ cookie: `${COOKIE}=${browser.cookie(url, COOKIE)?.value}` }, new URL(url))
  assert.ok(session !== null)
  const began = session.began - 12 * HOUR_S + 100
  browser.setCookie(
    url,
    await cookie.write({ ...session, began, made: session.made - 2_000 }, session.made + 100, new URL(url)),
  )
  const { status, body } = await me(browser)
  assert.equal(status, 200)
  assert.ok(Date.parse(String(body['expires_at'])) < Date.now() + 101_000)
})

test('a cookie that was altered, or made for something else, is none', async () => {
  const browser = await signedInBefore(0)
  const value = browser.cookie(url, COOKIE)?.value ?? ''
  const middle = value.length - 40
  const other = value[middle] === 'A' ? 'B' : 'A'
  browser.setCookie(url, `${COOKIE}=${value.slice(0, middle)}${other}${value.slice(middle + 1)}; Path=/`)
  assert.equal((await me(browser)).status, 401)
  const session = await (await sealed()).read({ cookie: `${COOKIE}=${value}` }, new URL(url))
  assert.ok(session !== null)
  const elsewhere = await (await sealed('another')).write(session, session.made + HOUR_S, new URL(url))
  browser.setCookie(url, elsewhere.replace('biplane-another', COOKIE))
  assert.equal((await me(browser)).status, 401)
})

test('a refresh token that is too large for a cookie is left out, and the session is good for its hour', async () => {
  const log = fastify().log
  const sessions = createSessions(new Uint8Array(32), createProvider({ issuer: provider.issuer, ...CLIENT }, log))
  const person = { tenant_id: 'acme', sub: 'ada', role: 'user' } as const
  const line = await sessions.begin({ person, refreshToken: 'x'.repeat(5_000) }, new URL(url))
  assert.ok(line.length < 4_096)
  const read = await sessions.read({ cookie: line.split(';')[0] }, new URL(url))
  assert.deepEqual([read?.sub, read?.refresh], ['ada', undefined])
})
