import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'

import type { EndedIntent, Event, Problem } from '@biplane/protocol'
import { decodeProtectedHeader } from 'jose'

import { type ExperienceOptions, createExperience } from '../gateway.ts'
import { Browser, type Page } from '../testing/browser.ts'
import { type GuardedHouse, openGuardedHouse } from '../testing/guarded-house.ts'
import { CLIENT, type OpenIdProvider, startOpenIdProvider } from '../testing/openid-provider.ts'

let provider: OpenIdProvider
let house: GuardedHouse
let folder: string
let signIn: NonNullable<ExperienceOptions['signIn']>
const COUNT = '/v1/trial-bench/count'
const OTHER_SITE = 'https://app.example.com'
const COOKIE = 'biplane-session'

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-sign-in-'))
  provider = await startOpenIdProvider()
  signIn = { issuer: provider.issuer, ...CLIENT, cookieKey: join(folder, 'cookie.key') }
  house = await openGuardedHouse(async () => ({ signIn, origins: [OTHER_SITE] }))
  provider.open([house.url])
})
after(async () => {
  await house[Symbol.asyncDispose]()
  await provider[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  provider.people.clear()
  provider.people.set('ada', { tenant_id: 'acme', role: 'operator', name: 'Ada' })
  provider.atTheDesk = 'ada'
})

const json = <T>({ body }: Page) => JSON.parse(body) as T
const codeOf = (page: Page) => json<Problem>(page).code

async function signedIn(as = 'ada'): Promise<Browser> {
  provider.atTheDesk = as
  const browser = new Browser()
  const page = await browser.open(`${house.url}/auth/sign-in?return_to=/health`)
  assert.equal(page.status, 200, page.body)
  return browser
}

test('a person signs in at the provider, comes back to where they were going, and is known', async () => {
  const browser = new Browser()
  const asked = await browser.send(
    'GET',
    `${house.url}/auth/sign-in?return_to=${encodeURIComponent('/v1/session?limit=1')}`,
  )
  const question = new URL(asked.headers.location ?? '')
  assert.equal(question.origin, provider.issuer)
  assert.equal(question.searchParams.get('code_challenge_method'), 'S256')
  for (const part of ['state', 'nonce', 'code_challenge']) assert.ok(question.searchParams.get(part), part)
  const page = await browser.open(question.href)
  assert.deepEqual([page.url, page.status], [`${house.url}/v1/session?limit=1`, 200])
  const me = json<Record<string, unknown>>(await browser.call('GET', `${house.url}/auth/me`))
  assert.deepEqual([me['tenant_id'], me['subject'], me['role'], me['name']], ['acme', 'ada', 'operator', 'Ada'])
  assert.deepEqual(me['scopes'], ['event:read', 'intent:submit', 'execution:operate'])
})

test('all that the browser holds is a cookie that only a gateway can read, and no script', async () => {
  const browser = await signedIn()
  const cookie = browser.cookie(house.url, COOKIE)
  assert.match(
    cookie?.attributes ?? '',
    /^Path=\/; HttpOnly; SameSite=Lax; Max-Age=3600$/,
    'Secure only where there is TLS',
  )
  assert.deepEqual(decodeProtectedHeader(cookie?.value ?? ''), { alg: 'dir', enc: 'A256GCM' })
  assert.equal(browser.cookie(house.url, 'biplane-sign-in'), undefined, 'what was begun is over')
})

test('what they do is done by them, as far as their role goes', async () => {
  const ada = await signedIn()
  const { session_id, execution_id } = json<EndedIntent>(await ada.call('POST', house.url + COUNT, { to: 500 }))
  await ada.call('POST', `${house.url}/v1/execution/${execution_id}/cancel`, { reason: 'a mistake' })
  const events = json<Event[]>(await ada.call('GET', `${house.url}/v1/session/${session_id}/events?offset=-1`))
  for (const entry of ['intent.accepted', 'execution.cancelling']) {
    const found = events.find(({ type }) => type === entry)
    assert.equal((found?.data as { by?: string } | undefined)?.by, 'ada', entry)
  }

  provider.people.set('eve', { tenant_id: 'acme', role: 'viewer' })
  const eve = await signedIn('eve')
  assert.equal((await eve.call('GET', `${house.url}/v1/session/${session_id}`)).status, 200)
  assert.equal((await eve.call('POST', house.url + COUNT, { session_id, to: 1 })).status, 403)
  provider.people.set('mallory', { tenant_id: 'rival', role: 'admin' })
  const mallory = await signedIn('mallory')
  assert.equal((await mallory.call('GET', `${house.url}/v1/session/${session_id}`)).status, 404)
})

test('whoever the provider gives no tenant, or a role that nobody knows, does not come in', async () => {
  provider.people.set('nobody', {})
  provider.people.set('emperor', { tenant_id: 'acme', role: 'emperor' })
  for (const who of ['nobody', 'emperor']) {
    provider.atTheDesk = who
    const browser = new Browser()
    const page = await browser.open(`${house.url}/auth/sign-in`)
    assert.deepEqual([page.status, codeOf(page)], [403, 'forbidden'], who)
    assert.equal(browser.cookie(house.url, COOKIE), undefined)
  }
})

test('a change that stands on a cookie needs the header and our own origin; reading, and a token, need neither', async () => {
  const browser = await signedIn()
  const origin = house.url
  const tries: [headers: Record<string, string>, status: number][] = [
    [{ origin, 'biplane-csrf': '1' }, 202],
    [{ 'sec-fetch-site': 'same-origin', 'biplane-csrf': '1' }, 202],
    [{ origin }, 403],
    [{ 'biplane-csrf': '1' }, 403],
    [{ 'sec-fetch-site': 'same-site', 'biplane-csrf': '1' }, 403],
    [{ 'sec-fetch-site': 'none', 'biplane-csrf': '1' }, 403],
    [{ origin: OTHER_SITE, 'biplane-csrf': '1' }, 403],
    [{ origin: origin.replace('http:', 'https:'), 'biplane-csrf': '1' }, 403],
    [{ origin: OTHER_SITE, ...(await house.bearer({ tenant: 'acme' })) }, 202],
  ]
  for (const [headers, status] of tries) {
    const more = { 'content-type': 'application/json', ...headers }
    const page = await browser.send('POST', origin + COUNT, more, '{"to":1}')
    assert.equal(page.status, status, JSON.stringify(headers))
    if (status === 403) assert.equal(codeOf(page), 'forgery_suspected')
  }
  assert.equal((await browser.send('GET', `${origin}/v1/session`)).status, 200)
  assert.equal((await browser.send('POST', `${origin}/auth/sign-out`, { origin })).status, 403)
  const preflight = { origin: OTHER_SITE, 'access-control-request-headers': 'biplane-csrf' }
  const allowed = (await browser.send('OPTIONS', origin + COUNT, preflight)).headers
  assert.doesNotMatch(allowed['access-control-allow-headers'] ?? '', /csrf/i)
  assert.equal(allowed['access-control-allow-credentials'], undefined)
})

test('a socket is opened with a cookie by pages of our own origin alone', async () => {
  const cookie = `${COOKIE}=${(await signedIn()).cookie(house.url, COOKIE)?.value}`
  const statusWith = async (headers: Record<string, string>) => {
    const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    const key = { 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' }
    const sent = request(`${house.url}/v1/events`, { headers: { ...upgrade, ...key, cookie, ...headers } })
    sent.end()
    const [answer] = (await Promise.race([once(sent, 'response'), once(sent, 'upgrade')])) as [IncomingMessage]
    answer.socket.destroy()
    return answer.statusCode
  }
  assert.equal(await statusWith({ origin: house.url }), 101)
  for (const headers of [{}, { origin: OTHER_SITE }, { 'sec-fetch-site': 'same-origin' }]) {
    assert.equal(await statusWith(headers), 403, JSON.stringify(headers))
  }
})

test('nobody is sent to another site in the end', async () => {
  for (const address of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'studio',
    `/${'x'.repeat(1_000)}`,
  ]) {
    const page = await new Browser().send('GET', `${house.url}/auth/sign-in?return_to=${encodeURIComponent(address)}`)
    assert.deepEqual([page.status, codeOf(page)], [400, 'query_invalid'], address)
  }
})

test('an answer counts once, for the browser that asked, and only if it is a yes', async () => {
  const browser = new Browser()
  const asked = await browser.send('GET', `${house.url}/auth/sign-in`)
  const begun = browser.cookie(house.url, 'biplane-sign-in')
  const atDesk = await browser.send('GET', asked.headers.location ?? '')
  const attended = await browser.send('GET', new URL(atDesk.headers.location ?? '', provider.issuer).href)
  const answered = (await browser.send('GET', attended.headers.location ?? '')).headers.location ?? ''
  const refused = async (one: Browser, address: string, what: string) => {
    const page = await one.send('GET', address)
    assert.deepEqual([page.status, codeOf(page)], [401, 'unauthenticated'], what)
  }
  await refused(new Browser(), answered, 'of a browser that did not begin')
  await refused(browser, answered.replace(/state=[^&]*/, 'state=another'), 'to another question')
  assert.equal((await browser.send('GET', answered)).status, 303)
  browser.setCookie(house.url, `biplane-sign-in=${begun?.value}; Path=/`)
  await refused(browser, answered, 'a second time')
  provider.atTheDesk = null
  const declined = await new Browser().open(`${house.url}/auth/sign-in`)
  assert.deepEqual([declined.status, codeOf(declined)], [401, 'unauthenticated'])
})

test('signing out forgets them here, ends their refresh token, and leads on to the provider', async () => {
  const browser = await signedIn()
  const kept = browser.cookie(house.url, COOKIE)?.value
  const { sign_out_url } = json<{ sign_out_url: string }>(await browser.call('POST', `${house.url}/auth/sign-out`))
  assert.equal(browser.cookie(house.url, COOKIE), undefined)
  assert.equal((await browser.call('GET', `${house.url}/auth/me`)).status, 401)
  const leave = new URL(sign_out_url)
  assert.equal(leave.origin, provider.issuer)
  assert.equal(leave.searchParams.get('post_logout_redirect_uri'), `${house.url}/`)
  assert.equal((await browser.open(leave.href)).status, 200)
  // Nothing is kept here, so a copy of the cookie would count until its hour is over: that is what SECURITY.md says.
  browser.setCookie(house.url, `${COOKIE}=${kept}; Path=/`)
  assert.equal((await browser.call('GET', `${house.url}/auth/me`)).status, 200)
})

test('a cookie counts at every gateway that shares the key, and at no other', async () => {
  const cookie = `${COOKIE}=${(await signedIn()).cookie(house.url, COOKIE)?.value}; Path=/`
  for (const [cookieKey, status] of [
    [signIn.cookieKey, 200],
    [join(folder, 'another.key'), 401],
  ] as const) {
    await using gateway = await createExperience({
      ...house.options,
      surfaces: ['rest'],
      port: 0,
      runtimeUrl: house.runtime.url,
      logLevel: 'silent',
      signIn: { ...signIn, cookieKey: cookieKey ?? '' },
    })
    const url = await gateway.listen()
    const browser = new Browser()
    browser.setCookie(url, cookie)
    assert.equal((await browser.call('GET', `${url}/auth/me`)).status, status)
    assert.equal((await browser.call('GET', `${url}/v1/session`)).status, status)
  }
})

test('while the provider is away nobody can sign in, and who has signed in stays so', async () => {
  const browser = await signedIn()
  provider.shut()
  await using gateway = await createExperience({
    ...house.options,
    surfaces: ['rest'],
    port: 0,
    runtimeUrl: house.runtime.url,
    logLevel: 'silent',
    signIn,
  })
  const url = await gateway.listen()
  const page = await new Browser().open(`${url}/auth/sign-in`)
  assert.deepEqual([page.status, codeOf(page)], [503, 'sign_in_unavailable'])
  assert.equal((await browser.call('GET', `${house.url}/auth/me`)).status, 200)
  provider.open([url])
  assert.equal((await new Browser().open(`${url}/auth/sign-in?return_to=/health`)).status, 200, 'it is asked again')
  provider.open([house.url])
})

test('behind TLS the cookie is for this host and TLS alone', async () => {
  await using gateway = await createExperience({
    ...house.options,
    surfaces: ['rest'],
    port: 0,
    runtimeUrl: house.runtime.url,
    logLevel: 'silent',
    signIn: { ...signIn, publicUrl: 'https://studio.example.com' },
  })
  const url = await gateway.listen()
  const { headers } = await new Browser().send('GET', `${url}/auth/sign-in`)
  assert.match(String(headers['set-cookie']), /^__Host-biplane-sign-in=\S+; Path=\/; HttpOnly; SameSite=Lax; Secure; /)
  const { searchParams } = new URL(headers.location ?? '')
  assert.equal(searchParams.get('redirect_uri'), 'https://studio.example.com/auth/callback')
  const browser = new Browser()
  browser.setCookie(url, `${COOKIE}=${(await signedIn()).cookie(house.url, COOKIE)?.value}; Path=/`)
  assert.equal((await browser.call('GET', `${url}/auth/me`)).status, 401, 'one that came without TLS does not count')
})
