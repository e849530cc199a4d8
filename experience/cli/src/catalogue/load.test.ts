import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type IncomingHttpHeaders, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'

import { loadCatalogue, recallCatalogue } from './load.ts'

const GREET = {
  kind: 'intent',
  type: 'hello.greet',
  realm: 'hello',
  realm_version: '1',
  title: 'Greet',
  payload_schema: {},
  result_schema: {},
  undoable: false,
}

/** A gateway of a later release, as far as its catalogue goes: it can do what this program has never heard of. */
async function serve(t: TestContext, capabilities: unknown[]) {
  const folder = await mkdtemp(join(tmpdir(), 'biplane-load-'))
  process.env['XDG_CACHE_HOME'] = folder
  const asked: IncomingHttpHeaders[] = []
  const server = createServer(({ headers }, response) => {
    asked.push(headers)
    response.setHeader('etag', '"1"')
    if (headers['if-none-match'] === '"1"') return void response.writeHead(304).end()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ capabilities }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = () => server.close().closeAllConnections()
  t.after(async () => {
    close()
    await rm(folder, { recursive: true })
  })
  const { port } = server.address() as AddressInfo
  return { place: { url: `http://127.0.0.1:${port}/v1`, tenant: 'demo', token: undefined }, asked, close }
}

test('a catalogue that has not changed is not sent again, and counts as the one of now', async (t) => {
  const { place, asked } = await serve(t, [GREET])
  const [first, second] = [await loadCatalogue(place), await loadCatalogue(place)]
  assert.deepEqual(second, first)
  assert.equal(first.saved, null)
  assert.deepEqual(
    asked.map((headers) => headers['if-none-match']),
    [undefined, '"1"'],
  )
})

test('what is not understood of it is left out, and the rest is of use', async (t) => {
  const later = [{ ...GREET, kind: 'stream' }, { ...GREET, type: 'no type' }, { ...GREET, added: true }, null, 7]
  const { place } = await serve(t, later)
  assert.deepEqual((await loadCatalogue(place)).capabilities, [GREET])
})

test('when it is away, what was last seen is recalled with its age, and never taken for what is now', async (t) => {
  const { place, close } = await serve(t, [GREET])
  await loadCatalogue(place)
  close()
  const recalled = await recallCatalogue(place)
  assert.deepEqual(recalled?.capabilities, [GREET])
  assert.match(recalled?.saved ?? '', /^\d{4}-/)
  await assert.rejects(loadCatalogue(place), { code: 'runtime_unavailable' })
  assert.equal(await recallCatalogue({ ...place, url: 'http://127.0.0.1:1/v1' }), null)
})
