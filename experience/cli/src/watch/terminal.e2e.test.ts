// The command at a terminal: it asks, it shows how far things are, and it keeps to the screen.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { widthOf } from '../terminal/text.ts'
import { type House, openHouse } from '../testing/house.ts'
import { openTerminal } from '../testing/pseudo-terminal.ts'

let house: House
before(async () => (house = await openHouse()))
after(() => house[Symbol.asyncDispose]())

function atTerminal(args: readonly string[], columns?: number, more: NodeJS.ProcessEnv = {}) {
  const [program, words] = house.command(args)
  return openTerminal([program, ...words], { ...house.env(), ...more }, columns)
}
const ask = (sku: string) => atTerminal(['corner-shop', 'order', '--sku', sku, '--euros', '900'])
const idIn = (said: string): string => /exe_\w+/.exec(said)?.[0] ?? ''

test('a question is asked with what speaks for it, and the answer and its reason are in the log', async () => {
  const terminal = ask('yacht')
  const [evidence] = await terminal.prints(/\? Ship yacht\? for sales\n[^]*yes, no, or later\? /)
  for (const fact of [/corner_shop\.risk/, /score +0\.72/, /reasons +a new address/, /customer\n +name +Ada/]) {
    assert.match(evidence, fact)
  }
  terminal.type('perhaps\r')
  await terminal.prints(/perhaps[^]*yes, no, or later\? $/)
  terminal.type('y\r')
  await terminal.prints(/Why\? \(may be left empty\) $/)
  terminal.type('a good customer\r')
  const { code, raw, text } = await terminal.ended
  assert.equal(code, 0, text)
  assert.match(text, /✔ large approved: a good customer\n[^]*completed in .*\nlines\n[^]*yacht +900/)
  assert.ok(raw.includes('\u001B[32m'), 'in colour')
  const { session_id } = await house.client.execution(idIn(text))
  const { events } = await house.client.events(session_id)
  const taken = events.find(({ type }) => type === 'signal.taken')?.data as { approved: boolean; reason: string }
  assert.deepEqual([taken.approved, taken.reason], [true, 'a good customer'])
})

test('no is no, later leaves with how to come back, and what another decides takes the question back', async () => {
  const [no, later, other] = [ask('boat'), ask('car'), ask('bike')]
  for (const terminal of [no, later, other]) await terminal.prints(/or later\? $/)
  no.type('n\r')
  await no.prints(/Why\?/)
  no.type('\r')
  later.type('l\r')
  const [bike] = await other.prints(/exe_\w+/)
  await house.client.approve(bike, 'large', { reason: 'seen elsewhere' })
  const [refused, left, decided] = await Promise.all([no.ended, later.ended, other.ended])
  assert.deepEqual([refused.code, left.code, decided.code], [1, 7, 0])
  assert.match(refused.text, /✖ large refused\n/)
  assert.match(left.text, /It is waiting: .*\n[^]*approve: npx biplane approve exe_\w+ large/)
  assert.match(decided.text, /✔ large approved: seen elsewhere\n/)
})

test('Ctrl-C at a question leaves too, and decides nothing', async () => {
  const terminal = ask('van')
  await terminal.prints(/or later\? $/)
  terminal.type('\u0003')
  const { code, text } = await terminal.ended
  assert.equal(code, 130)
  assert.match(text, /Left\. It goes on; see .* npx biplane follow exe_\w+\n$/)
  assert.equal((await house.client.executionStatus(idIn(text))).status, 'waiting')
})

test('how far a step is moves on one line, which is gone when the step is done', async () => {
  const { raw, text } = await atTerminal(['corner-shop', 'order', '--sku', 'fig', '--euros', '1']).ended
  assert.match(text, /ship {2}█+░+ 25% {2}packing 1 of 4 boxes/)
  const [, behind = ''] = raw.split('boxes')
  assert.ok(behind.includes('\r\u001B[K  \u001B[32m✔'), 'erased before the line of the step')
})

test('a table keeps to the screen, whatever its characters are; without colours there are none', async () => {
  const { raw, text } = await atTerminal(['corner-shop', 'stock', '--rows', '3'], 60, { NO_COLOR: '1' }).ended
  const lines = text.trimEnd().split('\n')
  assert.equal(lines.length, 6, text)
  assert.ok(
    lines.every((line) => widthOf(line) <= 60),
    text,
  )
  assert.match(text, /日本語 long [^\n]*… +1000 +b1\n/)
  assert.ok(!raw.includes('\u001B['), 'no escapes')
})
