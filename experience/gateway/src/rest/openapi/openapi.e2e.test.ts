import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { ROOT } from '@biplane/client/testing'
import { PROBLEMS } from '@biplane/protocol'

import { type Answer, type House, openHouse } from '../../testing/house.ts'
import { type Document, type Operation, type Parameter, escaped, judgeOf, lint } from './testing/judge.ts'

/** What people build with stands beside what tests were made of. */
const HOUSES: [what: string, realm: string | undefined][] = [
  ['a realm of each kind of capability', undefined],
  ['the realm of contents', `export { default } from '${ROOT}realms/content/src/content.ts'`],
  ['the realm of data mashes', `export { default } from '${ROOT}realms/data-mash/src/data-mash.ts'`],
]

interface Wrong {
  body?: unknown
  query?: string
  headers?: Record<string, string>
}

const JSON_TYPE = { 'content-type': 'application/json' }
const tenant = { tenant_id: 'acme' }

/** What is wrong with a request that brings something, and with one that asks for something. */
const WRONG_BODIES: Record<string, Wrong> = {
  nothing: {},
  'nothing but a tenant': { query: '?tenant_id=acme' },
  'no JSON': { body: '{', headers: JSON_TYPE },
  'a list': { body: [] },
  'no text': { body: { ...tenant, to: '\u0000' } },
  'too deep': { body: '['.repeat(100), headers: JSON_TYPE },
  'too much': { body: { value: 'x'.repeat(1024 * 1024) } },
  'another kind of body': { body: 'text', headers: { 'content-type': 'text/plain' } },
  'no tenant': { body: {} },
  'a tenant that is none': { body: { tenant_id: '!' } },
  'another tenant in the query': { body: tenant, query: '?tenant_id=other' },
  'an unknown field': { body: { ...tenant, surplus: true } },
  'a session that is none': { body: { ...tenant, session_id: 'ses_x' } },
  'a key that is none': { body: tenant, headers: { 'idempotency-key': 'ü' } },
  'two keys': { body: { ...tenant, intent_id: `int_${'0'.repeat(26)}` }, headers: { 'idempotency-key': 'other' } },
  'another site': { body: tenant, headers: { origin: 'https://elsewhere.example.com' } },
}
const WRONG_READS: Record<string, Wrong> = {
  nothing: {},
  'nothing but a tenant': { query: '?tenant_id=acme' },
  'two tenants': { query: '?tenant_id=acme&tenant_id=other' },
  'parameters that are none': { query: '?tenant_id=acme&limit=0&offset=x&live=x' },
  'a range that is none': { query: '?tenant_id=acme', headers: { range: 'bytes=9-1' } },
  'another site': { query: '?tenant_id=acme', headers: { origin: 'https://elsewhere.example.com' } },
}

for (const [what, realm] of HOUSES) {
  describe(what, () => {
    let house: House
    let document: Document
    let judge: ReturnType<typeof judgeOf>

    before(async () => {
      house = await openHouse(realm === undefined ? {} : { realm })
      document = (await house.call('GET', '/openapi.json')).body as Document
      judge = judgeOf(document)
    })
    after(() => house[Symbol.asyncDispose]())

    test('the document is valid, and so is that of the realm alone', async () => {
      assert.deepEqual(await lint(document), [])
      const [{ name } = { name: '' }] = document.tags
      const alone = (await house.call('GET', `/openapi/${name}.json`)).body as Document
      assert.deepEqual(await lint(alone), [])
      assert.deepEqual(
        Object.keys(alone.paths),
        Object.keys(document.paths).filter((path) => path.includes(name.replace('_', '-'))),
      )
      assert.equal((await house.call('GET', '/openapi/nothing.json')).status, 404)
    })

    test('every example fits its schema', () => {
      const examples = examplesIn(document)
      assert.ok(examples.length > 20)
      for (const { pointer, value } of examples) assert.equal(judge.misfit(pointer, value), null, pointer)
    })

    test('every example is taken as it is, and what is answered is in the document', async () => {
      // What lingers on purpose is asked elsewhere.
      const asked = operationsOf(document).filter(({ path }) => !path.endsWith('/linger'))
      for (const { path, method, operation } of asked) {
        const answer = await ask(house, document, path, method, operation)
        assert.equal(judge.undocumented(path, method, answer), null, `${method} ${path}`)
        const { code = '' } = answer.body as { code?: string }
        const isOfData =
          answer.status < 400 ||
          method === 'head' ||
          /_not_found$|_unknown$|_not_needed$/.test(code) ||
          code.includes('.')
        assert.ok(isOfData, `${method} ${path}: ${code}`)
      }
    })

    if (realm !== undefined) return

    test('every code of the protocol is said of the addresses that it may come from', () => {
      const said = new Set([...JSON.stringify(document).matchAll(/`([a-z_]+)`: /g)].map(([, code]) => code))
      const untold = Object.keys(PROBLEMS).filter((code) => !said.has(code))
      assert.deepEqual(untold.sort(), OF_NO_ADDRESS)
    })

    test('whatever is wrong with a request, its answer is one that the document has for that address', async () => {
      const codes = new Set<string>()
      for (const { path, method } of operationsOf(document)) {
        const address = path.replaceAll(/\{\w+\}/g, 'x')
        const wrongs = method === 'get' || method === 'head' ? WRONG_READS : WRONG_BODIES
        for (const [what, { body, query = '', headers }] of Object.entries(wrongs)) {
          const answer = await house.call(method.toUpperCase(), address + query, body, headers)
          assert.equal(judge.undocumented(path, method, answer), null, `${method} ${address} with ${what}`)
          codes.add((answer.body as { code?: string }).code ?? '')
        }
      }
      assert.ok(codes.size > 15, [...codes].join())
    })
  })
}

/** They say that there is no such address or method; or are of sockets. */
const OF_NO_ADDRESS = ['method_not_allowed', 'route_not_found', 'upgrade_required']
const METHODS = ['get', 'head', 'post', 'patch', 'delete']

const operationsOf = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => METHODS.includes(method))
      .map(([method, operation]) => ({ path, method, operation })),
  )

/** Every example with the place of the schema beside it. */
function examplesIn(value: unknown, pointer = ''): { pointer: string; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return []
  const own = 'schema' in value && 'example' in value ? [{ pointer: `${pointer}/schema`, value: value.example }] : []
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, inner]) =>
      key === 'schema' ? [] : examplesIn(inner, `${pointer}/${escaped(key)}`),
    ),
  ]
}

/** Asks with what the document gives as examples. */
async function ask(
  house: House,
  document: Document,
  path: string,
  method: string,
  operation: Operation,
): Promise<Answer> {
  const shared = (document.paths[path] as { parameters?: Parameter[] } | undefined)?.parameters ?? []
  const parameters = [...shared, ...(operation.parameters ?? [])].map((one) =>
    one.$ref === undefined ? one : (document.components.parameters[one.$ref.split('/').at(-1) ?? ''] ?? one),
  )
  const query = new URLSearchParams()
  const headers: Record<string, string> = {}
  let address = path
  for (const { name, in: where, example, required } of parameters) {
    const value = INSTEAD[name] ?? example ?? (required ? REQUIRED[name] : undefined)
    if (value === undefined) continue
    if (where === 'path') address = address.replace(`{${name}}`, encodeURIComponent(String(value)))
    else if (where === 'header') headers[name] = String(value)
    else for (const one of [value].flat()) query.append(name, String(one))
  }
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const body = media === undefined ? undefined : (media.example ?? 'bytes')
  if (typeof body === 'string') headers['content-type'] = type ?? ''
  return house.call(method.toUpperCase(), `${address}?${query.toString()}`, body, headers)
}

/** Nothing here waits long. */
const INSTEAD: Record<string, string> = { Prefer: 'wait=1' }

/** What an example would be given of in vain. */
const REQUIRED: Record<string, string> = {
  upload_id: `upl_${'0'.repeat(32)}`,
  'Upload-Length': '5',
  'Upload-Offset': '0',
}
