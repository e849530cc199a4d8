// The realm that `new realm` writes: small, whole, and one example of each thing that a realm is made of.

/** Longer names would break the lines below where a formatter would not. */
export const NAME_CHARS_MAX = 30

export const configOf = (specifier: string): string => `\
// Which realms the Runtime Plane runs. The Experience Plane never reads this.

import { defineRuntime } from '@biplane/runtime'

export default defineRuntime({
  realms: ['${specifier}'],
})
`

export const realmOf = (name: string): string => `\
// The realm ${name}: what it can do, and how.

import { defineRealm, intent, query } from '@biplane/realm'
import * as z from 'zod'

const Name = z.string().min(1).max(100)
const keyOf = (name: string): string => \`${name}/\${name}\`

/** Changes something. Each intent that was accepted becomes one execution of \`run\`, which a crash at any moment only delays. */
const greet = intent('${name}.greet', {
  title: 'Greet somebody',
  payload: z.object({ name: Name }),
  result: z.object({ text: z.string(), times: z.int() }),
  example: { name: 'Ada' },
  async run(ctx, { name }) {
    // After a restart \`run\` is called again; a step is not, its result comes from the log. So whatever reaches the outside
    // world belongs into a step. To take it back when the execution fails, give the step an undo: { undo: () => … }.
    const text = await ctx.step('compose', () => \`Hello, \${name}!\`)

    // Facts of the tenant. Writing names the revision that was read, so of two at once only one can win.
    const before = await ctx.state.tenant.get<number>(keyOf(name))
    const times = (before?.value ?? 0) + 1
    await ctx.state.tenant.compareAndSet(keyOf(name), before?.revision ?? 0, times)

    ctx.emit('${name}.greeted', { name, times })
    return { text, times }
  },
})

/** Reads something. A query is answered at once, and leaves nothing in the log. */
const greetings = query('${name}.greetings', {
  title: 'How often somebody was greeted',
  payload: z.object({ name: Name }),
  result: z.object({ times: z.int() }),
  example: { name: 'Ada' },
  async run(ctx, { name }) {
    const stored = await ctx.state.tenant.get<number>(keyOf(name))
    return { times: stored?.value ?? 0 }
  },
})

export default defineRealm({ name: '${name}', version: '1', capabilities: [greet, greetings] })
`

export const testOf = (name: string, file: string): string => `\
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { crashEverywhere, virtualRuntime } from '@biplane/realm-testing'

import realm from './${file}'

test('whoever is greeted twice hears it twice, and it is counted', async () => {
  await using runtime = await virtualRuntime([realm])
  const first = await runtime.submit('${name}.greet', { name: 'Ada' })
  assert.deepEqual(await first.result(), { text: 'Hello, Ada!', times: 1 })
  const second = await runtime.submit('${name}.greet', { name: 'Ada' })
  assert.deepEqual(await second.result(), { text: 'Hello, Ada!', times: 2 })
  assert.deepEqual(await runtime.query('${name}.greetings', { name: 'Ada' }), { times: 2 })
})

test('a crash at any moment neither loses a greeting nor counts it twice', async () => {
  await crashEverywhere([realm], async (runtime) => {
    const run = await runtime.submit('${name}.greet', { name: 'Ada' })
    assert.deepEqual(await run.result(), { text: 'Hello, Ada!', times: 1 })
    assert.deepEqual(await runtime.query('${name}.greetings', { name: 'Ada' }), { times: 1 })
  })
})
`
