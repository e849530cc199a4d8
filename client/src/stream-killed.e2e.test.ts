// What an execution says, for those who read it through a gateway while one plane after the other is killed.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { type Client, type StreamPart, createClient } from './client.ts'
import { type NodeProcess, type RuntimeProcess, startProcess, startRuntime, until } from './testing/testing.ts'

const REALM = `
import { existsSync, writeFileSync } from 'node:fs'
import { defineRealm, intent } from '@biplane/realm'
import * as z from 'zod'

export default defineRealm({
  name: 'talk',
  version: '1',
  capabilities: [
    intent('talk.say', {
      payload: z.object({ flag: z.string() }),
      result: z.null(),
      async run(ctx, { flag }) {
        const words = ctx.stream('words')
        words.write('one')
        words.write('two')
        await ctx.step('think', async (step) => {
          const aloud = step.stream('aloud')
          await aloud.write('well')
          if (!existsSync(flag)) {
            writeFileSync(flag, 'The next one comes to an end.')
            await new Promise(() => {})
          }
          await aloud.write('so')
        })
        words.write('three')
        await ctx.waitFor('more')
        words.write('four')
        return null
      },
    }),
  ],
})
`
const tenantId = 'acme'
let runtime: RuntimeProcess
let gateway: NodeProcess
let direct: Client

const startGateway = (port = '0') =>
  startProcess({
    main: 'experience/gateway/src/main.ts',
    args: ['--only', 'rest'],
    env: { RUNTIME_URL: runtime.url, GATEWAY_PORT: port, BIPLANE_LOG: 'error' },
  })

before(async () => {
  runtime = await startRuntime(REALM)
  gateway = await startGateway()
  direct = createClient({ url: `${runtime.url}/api`, tenantId })
})
after(async () => {
  await gateway[Symbol.asyncDispose]()
  await runtime[Symbol.asyncDispose]()
})

/** Reads an execution's streams as a page shows them: what a part brings stands from its place on. */
class Reader {
  readonly shown = new Map<string, unknown[]>()
  readonly told: { stream: string; chunks: unknown[] }[] = []
  readonly end: Promise<void>

  constructor(parts: AsyncIterable<StreamPart>) {
    this.end = this.#read(parts)
  }

  has(stream: string, chunk: string): boolean {
    return this.shown.get(stream)?.includes(chunk) ?? false
  }

  async #read(parts: AsyncIterable<StreamPart>): Promise<void> {
    for await (const { stream, chunks, from } of parts) {
      const before = this.shown.get(stream) ?? []
      const fresh = chunks.slice(from)
      this.shown.set(stream, [...before.slice(0, from), ...fresh])
      this.told.push({ stream, chunks: fresh })
      assert.deepEqual(this.shown.get(stream), chunks)
    }
  }
}

test('who joins in the middle of an answer has every piece of it once, though the runtime is killed, and then the gateway', async () => {
  const { execution_id, session_id } = await direct.submit('talk.say', { flag: join(runtime.folder, 'flag') })
  const isSaid = ({ type }: { type: string }) => type === 'stream.chunk'
  await until('a first word', async () => (await direct.events(session_id)).events.some(isSaid) || undefined)
  const reader = new Reader(createClient({ url: `${gateway.url}/v1`, tenantId }).stream(execution_id))
  await until('the middle of it', () => reader.has('aloud', 'well'))

  await runtime.kill()
  await runtime.start()
  await until('what is said after that', () => reader.has('words', 'three'))

  await gateway.end('SIGKILL')
  await direct.signal(execution_id, 'more')
  await direct.result(execution_id)
  gateway = await startGateway(new URL(gateway.url).port)
  await reader.end
  assert.deepEqual(Object.fromEntries(reader.shown), {
    words: ['one', 'two', 'three', 'four'],
    aloud: ['well', 'so'],
  })
  // Nothing that the handler itself has said is said again.
  const words = reader.told.filter(({ stream }) => stream === 'words').flatMap(({ chunks }) => chunks)
  assert.deepEqual(words, ['one', 'two', 'three', 'four'])
})
