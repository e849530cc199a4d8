// Each example as somebody has it who copies it: installed from the tarballs outside this repository, compiled, run, and broken.

import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'

import { type Followed, createClient } from '@biplane/client'
import { until } from '@biplane/client/testing'

import { TSC } from './compiler.ts'
import { fencesOf } from './markdown.ts'
import { npmInstall } from './npm-install.ts'
import { packAll } from './pack/pack-all.ts'
import { runIn } from './pack/trial/installed-project.ts'
import { ROOT, listFiles } from './repository.ts'
import { makeScratch } from './scratch.ts'
import { type TerminalProgram, startProgram } from './terminal-program.ts'

const EXAMPLES = readdirSync(join(ROOT, 'examples'))
/** Without empty lines: an example is read in one sitting. */
const LINES_MAX = 80
/** Runs of an example mostly wait. */
const AT_ONCE = 2

/** One install for all of them: each is a workspace, and finds the packages that it names by version at the root. */
const house = makeScratch()

before(async () => {
  const tarballs = await packAll()
  const files = listFiles(join(ROOT, 'examples'))
  house.copy(join(ROOT, 'examples'), files)
  const dependencies = Object.fromEntries([...tarballs].map(([name, tarball]) => [name, `file:${tarball}`]))
  house.write('package.json', JSON.stringify({ private: true, workspaces: EXAMPLES, dependencies }))
  await npmInstall(house.path)
})

after(() => house[Symbol.dispose]())

let runs = 0
/** A folder for the data of a run, which may be started in it again. */
function dataFolder(): string {
  const folder = join(house.path, `run-${++runs}`)
  mkdirSync(folder)
  return folder
}

const start = (example: string, folder: string, ...args: string[]): TerminalProgram =>
  startProgram(folder, join(house.path, example, 'main.ts'), args)

for (const example of EXAMPLES) {
  test(`the example ${example} has at most ${LINES_MAX} lines of code and compiles, its README too`, async () => {
    const modules = listFiles(join(ROOT, 'examples', example)).filter((file) => file.endsWith('.ts'))
    const text = modules.map((file) => readFileSync(join(ROOT, 'examples', example, file), 'utf8')).join('\n')
    const lines = text.split('\n').filter((line) => line.trim() !== '').length
    assert.ok(lines <= LINES_MAX, `it has ${lines}`)
    const readme = readFileSync(join(ROOT, 'examples', example, 'README.md'), 'utf8')
    for (const [i, fence] of fencesOf(readme, 'ts').entries()) house.write(`${example}/readme-${i}.ts`, fence)
    assert.equal(await runIn(house, process.execPath, [...TSC, '-p', example]), '')
  })
}

describe('orders', { concurrency: AT_ONCE }, () => {
  /** What the outside world was asked to do, in order. */
  const outside = (folder: string): string[] =>
    readFileSync(join(folder, 'outside.log'), { encoding: 'utf8', flag: 'a+' })
      .trim()
      .split('\n')
      .map((line) => line.replace(/ .*/, ''))

  test('a large order waits for somebody, who approves it, and is confirmed; a small one waits for nobody', async () => {
    const folder = dataFolder()
    await using large = start('orders', folder, 'order-1', '900')
    await large.until(/signal\.awaited/)
    assert.deepEqual(outside(folder), ['reserve', 'charge'])
    large.type('y')
    assert.match(await large.output(), /orders\.placed .*\n\d+ execution\.completed .*receipt/)
    assert.deepEqual(outside(folder), ['reserve', 'charge', 'mail'])
    await using small = start('orders', folder, 'order-2', '500')
    assert.doesNotMatch(await small.output(), /signal/)
    await using again = start('orders', folder, 'order-2', '500')
    assert.match(await again.output(), /execution\.completed/)
    assert.deepEqual(outside(folder).slice(3), ['reserve', 'charge', 'mail'])
  })

  const TAKEN_BACK = ['reserve', 'charge', 'refund', 'release']

  test('an order that is refused is undone, last step first', async () => {
    const folder = dataFolder()
    await using order = start('orders', folder, 'order-1', '900')
    await order.until(/signal\.awaited/)
    order.type('n')
    assert.match(await order.output(), /execution\.failed .*approval\.refused.*"compensated":true/)
    assert.deepEqual(outside(folder), TAKEN_BACK)
  })

  test('an order that nobody decides on in time is undone', async () => {
    const folder = dataFolder()
    await using order = start('orders', folder, 'order-1', '900', 'visa', '0.2')
    assert.match(await order.output(), /execution\.failed .*wait\.expired.*"compensated":true/)
    assert.deepEqual(outside(folder), TAKEN_BACK)
  })

  test('an order whose payment is declined gives back what it reserved, and refunds nothing', async () => {
    const folder = dataFolder()
    await using order = start('orders', folder, 'order-1', '120', 'declined')
    assert.match(await order.output(), /execution\.failed .*card\.declined.*"compensated":true/)
    assert.deepEqual(outside(folder), ['reserve', 'release'])
  })

  test('a kill -9 after the bank has charged, and before it has answered, charges nothing twice', async () => {
    const folder = dataFolder()
    await using first = start('orders', folder, 'order-1', '120')
    await first.until(/step\.started .*charge/)
    await until('the charge', () => outside(folder).includes('charge'))
    await first.kill()
    await using second = start('orders', folder, 'order-1', '120')
    const log = await second.output()
    assert.match(log, /started .*charge.*\n.*execution\.recovered .*\n.*completed .*charge[^]*execution\.completed/)
    assert.deepEqual(outside(folder), ['reserve', 'charge', 'mail'])
  })
})

describe('agent', { concurrency: AT_ONCE }, () => {
  /** Anybody's client of an agent that runs. */
  async function joinIn(agent: TerminalProgram) {
    const [, url = '', port = '', sessionId = ''] = await agent.until(/(http:\S+:(\d+)\/v1)\/session\/(\w+)\/events/)
    return { client: createClient({ url, tenantId: 'shop' }), sessionId, port }
  }

  /** As its README says. */
  function hear(words: unknown[], { event }: Followed): void {
    if (event.kind === 'stream') words.splice(event.data.index, Infinity, ...event.data.chunks)
  }

  test('words are heard before the sentence has ended, and the money is paid back when a person says so', async () => {
    await using agent = start('agent', dataFolder())
    const { client, sessionId } = await joinIn(agent)
    const words: unknown[] = []
    const kinds: string[] = []
    for await (const followed of client.follow(sessionId)) {
      hear(words, followed)
      kinds.push(followed.event.kind)
      if (followed.event.type === 'signal.awaited') agent.type('y')
      if (followed.event.type === 'execution.completed') break
    }
    assert.match(words.join(''), /It was paid back as exe_\w+\/4\. Goodbye!$/)
    assert.ok((await agent.output()).includes(words.join('')))
    assert.match(kinds.join(' '), /(stream ){3,}step/, 'a sentence comes in several pieces, and then its step ends')
  })

  test('a refusal reaches the model as an answer, and nothing is paid back', async () => {
    await using agent = start('agent', dataFolder())
    await agent.until(/signal\.awaited|y\/n/)
    agent.type('n')
    const output = await agent.output()
    assert.match(output, /pay_back was refused: n Goodbye!\n\[step\.completed\]\n\n\[execution\.completed\]/)
    assert.equal(output.match(/step\.completed/g)?.length, 4, 'three thoughts and a look, but no payment')
  })

  test('who follows over a kill -9 in the middle of the answer ends with the whole of it, and no tool is used twice', async () => {
    const folder = dataFolder()
    await using first = start('agent', folder)
    const { client, sessionId, port } = await joinIn(first)
    let running = first
    const words: unknown[] = []
    const types: string[] = []
    for await (const followed of client.follow(sessionId)) {
      hear(words, followed)
      types.push(followed.event.type)
      if (followed.event.type === 'signal.awaited') first.type('y')
      if (followed.event.type === 'execution.completed') break
      if (running !== first || !words.join('').startsWith('Your order is lost')) continue
      await first.kill()
      running = start('agent', folder, 'ask-1', 'Where is order 7?', port)
    }
    await using second = running
    assert.match(await second.output(), /Your order is lost[^]*execution\.recovered[^]*Your order is lost[^]*Goodbye!/)
    assert.match(words.join(''), /^Your order is lost in the post, .* Goodbye!$/)
    assert.equal(types.filter((type) => type === 'step.completed').length, 5, 'three thoughts and two tools')
    assert.ok(types.includes('execution.recovered'))
  })
})
