// What the API document says of signing in, beside what is answered. No runtime is needed for that, so there is none.

import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import openapiTS, { type OpenAPI3, astToString } from 'openapi-typescript'

import { type Experience, type ExperienceOptions, createExperience } from '../../gateway.ts'
import { Browser, type Page } from '../../testing/browser.ts'
import { CLIENT, type OpenIdProvider, startOpenIdProvider } from '../../testing/openid-provider.ts'
import { type Document, judgeOf, lint } from './testing/judge.ts'

let folder: string
let provider: OpenIdProvider
let options: ExperienceOptions
let gateway: Experience
let url: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-openapi-'))
  provider = await startOpenIdProvider()
  const serviceKey = join(folder, 'service.pem')
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeFile(serviceKey, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  options = {
    surfaces: ['rest'],
    port: 0,
    runtimeUrl: 'http://127.0.0.1:9',
    logLevel: 'silent',
    uploadsFolder: join(folder, 'uploads'),
    serviceKey,
  }
  const signIn = { issuer: provider.issuer, ...CLIENT, cookieKey: join(folder, 'cookie.key') }
  gateway = await createExperience({ ...options, signIn })
  url = await gateway.listen()
  provider.open([url])
  provider.people.set('ada', { tenant_id: 'acme' })
  provider.people.set('homeless', {})
})
after(async () => {
  await gateway.close()
  await provider[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

type Secured = Document & { components: { securitySchemes: Record<string, object> }; security: object[] }
const documentOf = async (at: string) => (await (await fetch(`${at}/openapi.json`)).json()) as Secured

test('each address of signing in is there, each of its answers is as the document says, and no other', async () => {
  const document = await documentOf(url)
  assert.deepEqual(await lint(document, RULES), [])
  const judge = judgeOf(document)
  const heard = new Set<string>()
  const hear = (path: string, { status, headers, body }: Page, method = 'get') => {
    const told = {
      status,
      headers: new Headers({ 'content-type': headers['content-type'] ?? '' }),
      body: valueOf(body),
    }
    assert.equal(judge.undocumented(path, method, told), null, `${method} ${path}: ${status}`)
    heard.add(`${method} ${path} ${status}`)
  }
  const browser = new Browser()
  hear('/auth/sign-in', await browser.send('GET', `${url}/auth/sign-in?return_to=/health`))
  hear('/auth/sign-in', await browser.send('GET', `${url}/auth/sign-in?return_to=//elsewhere.example`))
  hear('/auth/callback', await browser.send('GET', `${url}/auth/callback`))
  hear('/auth/callback', await answered(new Browser(), 'homeless'))
  hear('/auth/callback', await answered(browser, 'ada'))
  hear('/auth/me', await browser.call('GET', `${url}/auth/me`))
  hear('/v1/token', await browser.call('POST', `${url}/v1/token`, {}), 'post')
  hear('/v1/token', await browser.send('POST', `${url}/v1/token`), 'post')
  hear('/auth/sign-out', await browser.send('POST', `${url}/auth/sign-out`), 'post')
  hear('/auth/sign-out', await browser.call('POST', `${url}/auth/sign-out`), 'post')
  hear('/auth/me', await browser.call('GET', `${url}/auth/me`))
  hear('/v1/token', await browser.call('POST', `${url}/v1/token`, {}), 'post')
  provider.shut()
  await using other = await createExperience({
    ...options,
    signIn: { issuer: provider.issuer, ...CLIENT, cookieKey: join(folder, 'cookie.key') },
  })
  hear('/auth/sign-in', await browser.send('GET', `${await other.listen()}/auth/sign-in`))
  assert.deepEqual([...heard].toSorted(), HEARD)
})

const HEARD = [
  'get /auth/callback 303',
  'get /auth/callback 401',
  'get /auth/callback 403',
  'get /auth/me 200',
  'get /auth/me 401',
  'get /auth/sign-in 302',
  'get /auth/sign-in 400',
  'get /auth/sign-in 503',
  'post /auth/sign-out 200',
  'post /auth/sign-out 403',
  'post /v1/token 200',
  'post /v1/token 401',
  'post /v1/token 403',
]
/** Signing in answers with the address of another page, and with nothing else. */
const RULES = { 'operation-2xx-response': 'off' } as const

const valueOf = (body: string): unknown => (body.startsWith('{') ? JSON.parse(body) : body)

/** How the gateway answers a browser that the provider sends back. */
async function answered(browser: Browser, who: string): Promise<Page> {
  provider.atTheDesk = who
  let page = await browser.send('GET', `${url}/auth/sign-in?return_to=/health`)
  for (let next = ''; !next.startsWith(`${url}/auth/callback`);) {
    next = new URL(page.headers.location ?? '', provider.issuer).href
    page = await browser.send('GET', next)
  }
  return page
}

test('it says how callers show who they are; a cookie, and how to get one, only where people sign in', async () => {
  const { components, security } = await documentOf(url)
  assert.deepEqual(Object.keys(components.securitySchemes), ['bearer', 'api_key', 'cookie'])
  assert.deepEqual(security, [{}, { bearer: [] }, { api_key: [] }, { cookie: [] }])
  const { api_key, bearer } = components.securitySchemes
  assert.deepEqual(
    { ...api_key, description: '' },
    { type: 'apiKey', in: 'header', name: 'X-API-Key', description: '' },
  )
  assert.deepEqual({ ...bearer, description: '' }, { type: 'http', scheme: 'bearer', description: '' })

  await using open = await createExperience({ ...options, serviceKey: undefined })
  const without = await documentOf(await open.listen())
  assert.deepEqual(Object.keys(without.components.securitySchemes), ['bearer', 'api_key'])
  const identity = Object.keys(without.paths).filter((path) => /^\/auth\/|\/token$/.test(path))
  assert.deepEqual(identity, ['/v1/token', '/auth/me'])
})

test('a client that is generated from it knows the addresses of signing in', async () => {
  const text = astToString(await openapiTS((await documentOf(url)) as unknown as OpenAPI3))
  for (const path of ['/auth/sign-in', '/auth/callback', '/auth/sign-out', '/v1/token']) {
    assert.ok(text.includes(`"${path}": {`), path)
  }
})
