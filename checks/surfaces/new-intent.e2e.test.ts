// A realm gains an intent, and every surface has it: a route, an entry of the API document, a message of the socket, a tool, a
// command. Nothing but the realm is changed, and nothing but the runtime is started again.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'

import { type RuntimeProcess, startRuntime, until } from '@biplane/client/testing'

import type { AsyncApiDocument } from '../asyncapi-document.ts'
import { json } from '../planes.ts'
import { completeAsDocumented, openApiAt } from './as-documented.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { alike, logOf } from './log.ts'
import { overCommandLine } from './over-command-line.ts'
import { type McpSurface, overMcp } from './over-mcp.ts'
import { overPolling } from './over-rest.ts'
import { overSocket } from './over-socket.ts'
import { PARCEL, PRICE, parcelsAfter, parcelsBefore } from './parcels.ts'
import type { Fields, Surface } from './surface.ts'
import { type Terminal, openTerminal } from './terminal.ts'

/** Nobody can have written it down anywhere: it is made up when the test runs. */
const REALM = `parcels_${randomBytes(4).toString('hex')}`
const TYPE = `${REALM}.quote_price`
const WORD = REALM.replace('_', '-')
const ADDRESS = `/v1/${WORD}/quote-price`
const UNKNOWN = /route_not_found|intent_type_unknown|There is no tool|Unknown command/
const FIELDS = Object.keys(PARCEL)

let runtime: RuntimeProcess
let gateway: GatewayProcess
let terminal: Terminal
let mcp: McpSurface
let surfaces: Surface[]

before(async () => {
  runtime = await startRuntime(parcelsBefore(REALM))
  gateway = await startGateway({ runtimeUrl: runtime.url, folder: runtime.folder })
  terminal = openTerminal(`${gateway.url}/v1`, runtime.folder)
  mcp = await overMcp(gateway.url)
  surfaces = [overPolling(gateway.url), overSocket(gateway.url), mcp, overCommandLine(terminal)]
})
after(async () => {
  await gateway[Symbol.asyncDispose]()
  await runtime[Symbol.asyncDispose]()
})

const quote = (surface: Surface, payload: Fields) => surface.complete({ type: TYPE, payload })

const isKnown = async (): Promise<boolean> => {
  const { paths } = await openApiAt(gateway.url)
  return ADDRESS in paths
}

test('before its realm has it, no surface does', async () => {
  assert.equal(await isKnown(), false)
  for (const surface of surfaces) await assert.rejects(quote(surface, PARCEL), UNKNOWN, surface.name)
})

test('when its realm has it and the runtime is started again, a gateway that goes on has it within seconds', async () => {
  const pid = gateway.pid()
  await runtime.start(parcelsAfter(REALM))
  await until('the gateway to have heard of it', isKnown)
  assert.equal(gateway.pid(), pid)
})

test('it is a route, and an entry of the API document with its schema', async () => {
  const { paths } = await openApiAt(gateway.url)
  const operation = paths[ADDRESS]?.post
  const { schema, example } = operation?.requestBody.content['application/json'] ?? {}
  assert.deepEqual([operation?.operationId, operation?.summary], [TYPE, 'Say what a parcel costs'])
  assert.deepEqual(schema?.properties['grams'], {
    type: 'integer',
    minimum: 1,
    maximum: 30_000,
    description: 'What it weighs.',
  })
  assert.deepEqual(
    FIELDS.map((field) => example?.[field]),
    Object.values(PARCEL),
  )
})

test('it is a message of the socket, with its answer and its schemas in the AsyncAPI document', async () => {
  const { operations, components } = await json<AsyncApiDocument>(`${gateway.url}/asyncapi.json`)
  assert.equal(operations[TYPE]?.action, 'receive')
  for (const message of [TYPE, `${TYPE}.ended`]) assert.ok(components.messages[message], message)
  const payload = components.schemas[`${TYPE}.payload`] as { properties: Fields }
  assert.deepEqual(Object.keys(payload.properties), FIELDS)
})

test('it is a tool of an agent, which was connected all the time', async () => {
  const { tools } = await mcp.client.listTools()
  const tool = tools.find(({ name }) => name === TYPE.replace('.', '_'))
  assert.equal(tool?.title, 'Say what a parcel costs')
  const properties = Object.keys(tool.inputSchema.properties ?? {})
  assert.deepEqual(
    FIELDS.filter((field) => !properties.includes(field)),
    [],
  )
})

test('it is a command, with an option for each field', async () => {
  const help = (await Array.fromAsync(terminal.lines([WORD, 'quote-price', '--help']))).join('\n')
  for (const words of ['Say what a parcel costs', '--grams <', 'What it weighs.', '--to <', '--express']) {
    assert.ok(help.includes(words), `${words} in:\n${help}`)
  }
})

test('over each of the five it does the same, and leaves the same log', async () => {
  const all = [...surfaces.map((surface) => quote(surface, PARCEL)), completeAsDocumented(gateway.url, TYPE)]
  const ends = await Promise.all(all)
  assert.deepEqual(
    ends.map(({ result }) => result),
    all.map(() => PRICE),
  )
  const [first, ...others] = await Promise.all(ends.map(async (end) => alike(await logOf(runtime.url, end.session_id))))
  for (const other of others) assert.deepEqual(other, first)
})

test('what does not fit its schema is refused at each', async () => {
  for (const surface of surfaces) {
    await assert.rejects(quote(surface, { ...PARCEL, grams: 0 }), /payload_invalid/, surface.name)
  }
})
