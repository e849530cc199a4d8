// docs/realms.md is true: its modules compile, a runtime runs them, and what is said of each is what becomes of it.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'

import { type EndedIntent, type Execution, isFinal } from '@biplane/protocol'

import { json, startGateway, stop } from './planes.ts'
import { CARD, SKU } from './realms-guide-outside.ts'
import { Page } from './realms-guide-page.ts'
import { Reader, isAtRest, isWaiting, stepsOf } from './realms-guide-reader.ts'
import { stories } from './realms-guide-stories.ts'

/** Much of it is waiting. */
const AT_ONCE = 6

let page: Page
let shop: Reader

describe('what docs/realms.md says', { concurrency: AT_ONCE }, () => {
  before(async () => {
    page = await Page.write()
    shop = await Reader.start(page, 'shop', ['shop.ts'])
  })

  after(async () => {
    await shop.stop()
    await page[Symbol.asyncDispose]()
  })

  test('the modules of the page compile', () => page.compile())

  test('the tests of the page pass', async () => {
    const tests = page.modules.flatMap(({ text }) => text.match(/^test\(/gm) ?? [])
    assert.match(await page.test(), new RegExp(`pass ${tests.length}\n`))
  })

  test('the first realm has an address at a gateway and greets', async () => {
    const configuration = page.modules.find(({ name }) => name === 'runtime.config.ts')
    assert.match(configuration?.text ?? '', /realms: \['\.\/hello\.ts'\]/)
    const runtime = await Reader.start(page, 'hello', ['hello.ts'])
    const gateway = await startGateway(runtime.url)
    const [greet] = page.commands({ GATEWAY: gateway.url })
    assert.ok(greet)
    const { result, session_id } = (await (await fetch(greet.url, greet.init)).json()) as EndedIntent
    assert.deepEqual(result, { text: 'Hello, Ada!' })
    assert.ok((await runtime.events(session_id)).some(({ type }) => type === 'hello.greeted'))
    await stop(gateway)
    await runtime.stop()
  })

  for (const { says, type, payload, becomes, code, steps } of stories) {
    test(says, async () => {
      const { execution_id } = await shop.begin(type, payload)
      const execution = await shop.until(execution_id, isAtRest)
      assert.partialDeepStrictEqual(execution, becomes)
      if (code !== undefined) assert.equal(execution.error?.code, code)
      if (steps !== undefined) assert.deepEqual(stepsOf(execution), steps)
    })
  }

  test('a reminder is sent when its time has come, and not before', async () => {
    const { execution_id, session_id } = await shop.begin('shop.remind', { to: 'ada', after_ms: 50 })
    const { result } = await shop.until(execution_id, isFinal)
    const waiting = (await shop.events(session_id)).find(({ type }) => type === 'execution.waiting')
    assert.ok(waiting?.kind === 'timer' && waiting.type === 'execution.waiting')
    assert.ok((result as { sent_at: string }).sent_at >= waiting.data.until)
  })

  test('a signal that fits ends the wait, sent once or twice', async () => {
    const { execution_id } = await shop.begin('shop.await_transfer', { within_ms: 60_000 })
    for (let twice = 0; twice < 2; twice++) await shop.command(['/signal', 'transfer'], execution_id)
    assert.deepEqual((await shop.until(execution_id, isFinal)).result, { paid: 500 })
  })

  test('a person approves a refund, and the log says so', async () => {
    const { execution_id, session_id } = await shop.begin('shop.refund', { receipt: 'r', cents: 12_000 })
    const { waits_for, awaits } = await shop.until(execution_id, isWaiting)
    assert.match(waits_for ?? '', /^the approval "refund" of finance, until /)
    assert.equal(awaits[0]?.approval?.title, 'Refund 120 euros')
    const commands = page.commands({ RUNTIME: shop.url, EXECUTION: execution_id })
    const look = commands.find(({ init }) => init.body === undefined)
    assert.equal((await json<{ execution: Execution }>(look?.url ?? '')).execution.waits_for, waits_for)
    await shop.command(['/signal', 'refund'], execution_id)
    assert.deepEqual((await shop.until(execution_id, isFinal)).result, { because: 'goodwill' })
    const taken = (await shop.events(session_id)).find(({ type }) => type === 'signal.taken')
    assert.partialDeepStrictEqual(taken?.data, { approved: true, reason: 'goodwill' })
  })

  test('an order calls three children, and the detached one lives on', async () => {
    const { execution_id } = await shop.begin('shop.order', { card: CARD.good, skus: ['apple', 'pear'] })
    const { result, children } = await shop.until(execution_id, isFinal)
    const { receipt, reminder } = result as { receipt: string; reminder: string }
    assert.equal(receipt, '200 cents charged now')
    assert.deepEqual(
      children.map(({ intent_type, detached }) => [intent_type, detached]),
      [
        ['shop.pack', false],
        ['shop.pay', false],
        ['shop.remind', true],
      ],
    )
    assert.equal((await shop.until(reminder, isFinal)).status, 'completed')
  })

  test('those that count the same thing at once all count', async () => {
    const begun = await Promise.all([1, 2, 3, 4, 5].map((by) => shop.begin('shop.restock', { sku: 'pear', by })))
    for (const { execution_id } of begun) {
      assert.equal((await shop.until(execution_id, isFinal)).status, 'completed')
    }
    assert.deepEqual(await shop.ask('shop.left', { sku: 'pear' }), { left: 15 })
  })

  test('what a model says can be read piece by piece, and its progress', async () => {
    const { execution_id, session_id } = await shop.begin('shop.answer', { question: 'What is blue?' })
    const { result } = await shop.until(execution_id, isFinal)
    const events = await shop.events(session_id)
    const chunks = events.flatMap((event) => (event.kind === 'stream' ? event.data.chunks : []))
    assert.deepEqual(result, { text: chunks.join('') })
    assert.equal(chunks.join(''), 'The sky is blue.')
    assert.ok(events.some(({ type }) => type === 'shop.asked'))
    assert.ok(events.some(({ type }) => type === 'execution.progress'))
  })

  const bookOf = async (sku: string, card: string) => (await shop.begin('shop.book', { sku, card })).execution_id

  test('a cancelled saga is undone, asked for once or twice', async () => {
    const booked = await bookOf(SKU.good, CARD.good)
    await shop.until(booked, isWaiting)
    for (let twice = 0; twice < 2; twice++) await shop.command(['/cancel', 'ordered twice'], booked)
    const { status, compensated } = await shop.until(booked, isFinal)
    assert.deepEqual([status, compensated], ['cancelled', true])
  })

  test('a handler that is cancelled does what is decent, and one that is killed is not asked', async () => {
    const steps: string[][] = []
    for (const words of [
      ['/cancel', 'ordered twice'],
      ['/cancel', 'kill'],
    ]) {
      const { execution_id } = await shop.begin('shop.hold', { to: 'ada' })
      await shop.until(execution_id, isWaiting)
      await shop.command(words, execution_id)
      const ended = await shop.until(execution_id, isFinal)
      assert.equal(ended.status, 'cancelled')
      steps.push(stepsOf(ended))
    }
    assert.deepEqual(steps, [['tell completed 1'], []])
  })

  test('an undo that keeps failing parks, and a person settles its step or all of it', async () => {
    const parked = await Promise.all([bookOf(SKU.stuck, CARD.declined), bookOf(SKU.stuck, CARD.declined)])
    for (const id of parked) {
      assert.equal((await shop.until(id, isAtRest)).error?.code, 'saga.undo_failed')
    }
    const [one, other] = parked
    await shop.command(['/settle', '"step": 0'], one)
    const settled = await shop.until(one, isFinal)
    assert.deepEqual([settled.compensated, stepsOf(settled)], [true, ['reserve settled 1', 'charge undone 1']])
    await shop.command(['/settle', 'written off'], other)
    assert.equal((await shop.until(other, isFinal)).compensated, false)
  })

  test('what is paused goes on when it is resumed', async () => {
    const { execution_id } = await shop.begin('shop.await_transfer', { within_ms: 60_000 })
    assert.equal((await shop.command(['/pause'], execution_id)).status, 'paused')
    await shop.command(['/resume'], execution_id)
    await shop.command(['/signal', 'transfer'], execution_id)
    assert.equal((await shop.until(execution_id, isFinal)).status, 'completed')
  })

  test('what failed is done again from its beginning, or from before it failed', async () => {
    const { execution_id } = await shop.begin('shop.order', { card: CARD.declined, skus: ['apple'] })
    await shop.until(execution_id, isFinal)
    const [retried, forked] = [
      await shop.command(['/retry'], execution_id),
      await shop.command(['/fork'], execution_id),
    ]
    const again = await shop.until(retried.execution_id, isFinal)
    const fork = await shop.until(forked.execution_id, isFinal)
    assert.deepEqual([again.retry_of, fork.fork_of], [execution_id, execution_id])
    const called = [again, fork].map(({ children }) => children.map(({ intent_type }) => intent_type))
    assert.deepEqual(called, [['shop.pack', 'shop.pay'], ['shop.pay']])
  })

  test('in a serial lane the next begins when the one before has ended', async () => {
    const session = await shop.session()
    const begun = []
    for (let i = 0; i < 3; i++) begun.push(await shop.begin('shop.audit', { account: 'cash' }, session))
    for (const { execution_id } of begun) await shop.until(execution_id, isFinal)
    const order = (await shop.events(session)).filter(({ type }) => /^execution\.(started|completed)$/.test(type))
    assert.deepEqual(
      order.map(({ type }) => type.slice('execution.'.length)),
      Array.from({ length: 3 }, () => ['started', 'completed']).flat(),
    )
  })

  test('so many begin within the span of a rate, in order, and the others say until when they wait', async () => {
    const session = await shop.session()
    const begun = []
    for (const text of ['a', 'b', 'c', 'd']) {
      begun.push(await shop.begin('shop.notify', { shop: 'corner', text }, session))
    }
    const { waits_for } = await shop.until(begun[3]?.execution_id ?? '', (status) => status === 'accepted')
    assert.match(waits_for ?? '', /^its turn, about \d{4}-\S+Z: 2 may begin within 1000 ms$/)
    for (const { execution_id } of begun) await shop.until(execution_id, isFinal)
    const started = (await shop.events(session)).filter(({ type }) => type === 'execution.started')
    assert.deepEqual(
      started.map(({ subject }) => subject),
      begun.map(({ execution_id }) => execution_id),
    )
    const times = started.map(({ time }) => Date.parse(time))
    assert.ok((times[2] ?? 0) - (times[0] ?? 0) >= 1_000 && (times[3] ?? 0) - (times[1] ?? 0) >= 1_000)
  })

  test('of what comes close after each other the last is done, and the others name it', async () => {
    // At once: a slow machine could let the quiet time pass between one and the next.
    const begin = (name: string) => shop.begin('shop.reindex', { product: 'tea', name })
    const begun = await Promise.all([begin('Tea'), begin('Green tea')])
    const ended = await Promise.all(begun.map(({ execution_id }) => shop.until(execution_id, isFinal)))
    const last = ended.find(({ status }) => status === 'completed')
    const first = ended.find(({ status }) => status === 'superseded')
    assert.match(JSON.stringify(last?.result), /^{"indexed":"(Green tea|Tea)"}$/)
    assert.deepEqual([first?.superseded_by, first?.steps], [last?.execution_id, []])
  })

  test('a version ends what it began; without it the next one pauses with the difference, until it is back', async () => {
    const both = page.modules.findLast(({ name }) => name === 'runtime.config.ts')
    const realms = [...(both?.text ?? '').matchAll(/'\.\/(report-\d\.ts)'/g)].map(([, name = '']) => name)
    assert.deepEqual(realms, ['report-2.ts', 'report-1.ts'])
    let runtime = await Reader.start(page, 'report', ['report-1.ts'])
    const deploy = async (now: string[]) => {
      await runtime.stop()
      runtime = await Reader.start(page, 'report', now)
    }
    const write = async () => {
      const { execution_id } = await runtime.begin('report.write', {})
      await runtime.until(execution_id, isWaiting)
      return execution_id
    }
    const end = async (id: string) => {
      await runtime.signal(id, 'month_end')
      return runtime.until(id, isAtRest)
    }
    const [first, second] = [await write(), await write()]
    await deploy(realms)
    assert.equal((await end(first)).result, 'version 1, 3 rows')
    assert.equal((await end(await write())).result, 'version 2, 4 rows')
    await deploy(['report-2.ts'])
    const { status, error } = await end(second)
    assert.deepEqual([status, error?.code], ['paused', 'handler.diverged'])
    assert.ok(page.text.includes(error?.message ?? '?'), error?.message)
    await deploy(realms)
    assert.equal((await runtime.until(second, isFinal)).result, 'version 1, 3 rows')
    await runtime.stop()
  })
})
