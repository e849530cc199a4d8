import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'

import type { QueryContext } from '@biplane/realm'

import { Find, newestFirst, pageOf } from './newest-first.ts'
import { queryContextOf, testRuntime } from './test-context.ts'

interface Thing {
  name: string
}
const BEGAN = Date.UTC(2026, 0, 1)
const keyOf = (id: string) => `thing/${id}`
const read = (value: unknown) => value as Thing

/** A tenant with `count` things, one made each second. */
async function withThings(count: number, use: (ctx: QueryContext) => Promise<void>): Promise<void> {
  await using runtime = await testRuntime()
  for (let i = 0; i < count; i++) {
    const id = newestFirst('thg', { now: () => BEGAN + i * 1000, uuid: () => randomUUID() })
    runtime.state.set(keyOf(id), { value: { name: `Thing ${i}` }, revision: 1 })
  }
  await use(queryContextOf(runtime))
}

test('pages hold the latest first, each once, with when it was made', () =>
  withThings(7, async (ctx) => {
    const names: string[] = []
    for (let after: string | undefined; ;) {
      const { items, next } = await pageOf(ctx, keyOf, Find.parse({ limit: 3, after }), read)
      names.push(...items.map(({ name }) => name))
      assert.equal(items[0]?.created_at, new Date(BEGAN + (6 - names.indexOf(items[0]!.name)) * 1000).toISOString())
      if (next === null) break
      after = next
    }
    assert.deepEqual(
      names,
      [6, 5, 4, 3, 2, 1, 0].map((i) => `Thing ${i}`),
    )
  }))

test('what is looked for is found in names, and a question looks through so much and then leads on', () =>
  withThings(6_000, async (ctx) => {
    const first = await pageOf(ctx, keyOf, Find.parse({ find: 'THING 42', limit: 200 }), read)
    const second = await pageOf(ctx, keyOf, Find.parse({ find: 'thing 42', limit: 200, after: first.next! }), read)
    assert.deepEqual([first.items.length + second.items.length, second.next], [111, null])
    assert.equal(second.items.at(-1)?.name, 'Thing 42')
  }))

test('an id that does not say when it was made is listed all the same', async () => {
  await using runtime = await testRuntime()
  runtime.state.set(keyOf('thg_0123'), { value: { name: 'old' }, revision: 1 })
  const { items } = await pageOf(queryContextOf(runtime), keyOf, Find.parse({}), read)
  assert.deepEqual(items, [{ name: 'old', created_at: null }])
})
