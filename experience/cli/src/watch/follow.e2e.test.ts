// What becomes of an intent, as it is told to people and to programs, at a terminal and away from one, and what the exit code says of it.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'

import { openLine, until } from '@biplane/client/testing'

import { widthOf } from '../terminal/text.ts'
import { type House, documentsOf, openHouse } from '../testing/house.ts'
import { openTerminal } from '../testing/pseudo-terminal.ts'

let house: House
before(async () => (house = await openHouse()))
after(() => house[Symbol.asyncDispose]())

const order = (sku: string, euros: number, ...more: string[]) =>
  house.biplane(['corner-shop', 'order', '--sku', sku, '--euros', String(euros), ...more])
const idIn = (said: string): string => /exe_\w+/.exec(said)?.[0] ?? ''
const begin = (type: string, payload: object = {}) => house.client.submit(type, payload)

test('the exit code says how it ended, and what went wrong is told with what to do next', async () => {
  const waiting = await begin('corner_shop.wait')
  const follow = house.biplane(['follow', waiting.execution_id])
  const [failed, parked, early, none, cancelled] = await Promise.all([
    order('broken', 1),
    house.biplane(['corner-shop', 'stuck']),
    house.biplane(['corner-shop', 'wait', '--wait', '0.5']),
    house.biplane(['show', 'exe_01k9xpm2f80000000000000000']),
    house.client.cancel(waiting.execution_id, { reason: 'enough' }).then(() => follow),
  ])
  assert.deepEqual([failed.code, parked.code, early.code, none.code, cancelled.code], [1, 6, 7, 8, 3])
  assert.match(failed.err, /failed after .*; what was done is taken back: The card is refused\. \(corner_shop\.card\)/)
  assert.match(failed.err, /npx biplane retry exe_/)
  assert.match(parked.err, /a person must look: .*The shelf is locked[^]*npx biplane settle exe_\w+ --step 0/)
  assert.match(early.err, /It is waiting: for the signal "go"\.\n {2}It goes on; see .*: npx biplane follow exe_/)
  assert.match(cancelled.out, /is being cancelled: enough[^]*cancelled after/)
  assert.equal(failed.out + parked.out + early.out, '', 'where there is no result there is no data')
})

test('detached, the id alone is data; it is found again by show, executions and follow', async () => {
  const { code, out, err } = await order('apple', 3, '--detach')
  assert.deepEqual([code, out], [0, `${idIn(out)}\n`])
  assert.match(err, /npx biplane follow exe_/)
  await house.client.result(idIn(out))
  const [show, list, follow, over] = await Promise.all([
    house.biplane(['show', idIn(out)]),
    house.biplane(['executions', '--status', 'completed', '--type', 'corner_shop.order', '--limit', '1', '--json']),
    house.biplane(['follow', idIn(out), '--type', 'step']),
    house.biplane(['follow', idIn(out), '--from', 'now']),
  ])
  assert.match(
    show.out,
    /^corner_shop\.order {2}completed[^]*payload +sku, euros\n[^]*0 +reserve +completed +1[^]*Result\n/,
  )
  assert.deepEqual(
    documentsOf(list).map(({ execution, type }) => execution?.execution_id ?? type),
    [idIn(out), 'page'],
  )
  assert.match(
    follow.out,
    /^corner_shop\.order begun .*\n(\d\d:){2}\d\d ✔ reserve .*\n(\d\d:){2}\d\d ✔ ship .*\n {2}completed in/,
  )
  assert.match(over.out, /^corner_shop\.order begun .*\n {2}completed in .*\n$/, 'what has ended is not waited for')
})

test('a question is put to who follows as the commands that answer it, and it goes on when one of them is given', async () => {
  const { session_id } = await house.client.createSession()
  const asked = order('yacht', 900, '--session', session_id)
  const execution = await until('the question', async () => {
    const [one] = (await house.client.executions({ sessionId: session_id, status: 'waiting' })).items
    return one
  })
  const show = await house.biplane(['show', execution.execution_id])
  assert.deepEqual(
    [show.code, /asks +Ship yacht\?\n[^]*approve: npx biplane approve exe_\w+ large/.test(show.out)],
    [7, true],
  )
  const approved = await house.biplane(['approve', execution.execution_id, '--reason', 'a good customer'])
  assert.deepEqual([approved.code, approved.out], [0, '✔ approved: large\n'])
  const { code, err, out } = await asked
  assert.equal(code, 0, err)
  assert.match(err, /· corner_shop\.risk: score 0\.72\n/)
  assert.match(err, /… waits for a decision: Ship yacht\?\n +npx biplane approve exe_\w+ large\n +npx biplane refuse/)
  assert.match(err, /✔ large approved: a good customer\n[^]*completed/)
  assert.match(out, /yacht +900/)
  const again = await house.biplane(['refuse', execution.execution_id, 'large'])
  assert.deepEqual([again.code, /approval_decided|execution_final/.test(again.err)], [5, true])
})

test('a connection that is lost again and again loses nothing of what is told, and says it twice nowhere', async () => {
  await using line = await openLine(house.gateway.url)
  const { execution_id, session_id } = await begin('corner_shop.wait')
  const following = house.biplane(['follow', execution_id, '--json'], { env: { BIPLANE_URL: `${line.url}/v1` } })
  for (let cuts = 0; cuts < 3; cuts++) {
    await until('a stream', () => line.open() > 0)
    line.cut()
  }
  await house.client.signal(execution_id, 'go', { payload: 1 })
  const told = documentsOf(await following).flatMap(({ type, event }) => (type === 'event' ? [event.seq] : []))
  const { events } = await house.client.events(session_id)
  const of = events.filter(({ subject }) => subject === execution_id).map(({ seq }) => seq)
  assert.deepEqual(told, of)
})

test('Ctrl-C leaves, says how to come back, and ends nothing', async () => {
  const child = spawn(...house.command(['corner-shop', 'wait']), {
    env: house.env(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await until('what it waits for', () => said.includes('… waits for go'))
  child.kill('SIGINT')
  const [code] = (await once(child, 'close')) as [number]
  assert.equal(code, 130)
  assert.match(said, /Left\. It goes on; see what becomes of it: npx biplane follow exe_\w+\n$/)
  assert.equal((await house.client.executionStatus(idIn(said))).status, 'waiting')
})

test('children are told of under their own names, and what is said piece by piece as it is said', async () => {
  const [batch, talk] = await Promise.all([
    house.biplane(['corner-shop', 'batch', '--count', '2']),
    house.biplane(['corner-shop', 'talk']),
  ])
  const headings = [...batch.err.matchAll(/^(corner_shop\.\w+) exe_\w+$/gm)].map(([, type]) => type)
  assert.deepEqual(headings, ['corner_shop.order', 'corner_shop.batch', 'corner_shop.order'])
  assert.match(talk.err, /~ words\nGood morning!\n {2}✔ think/)
  assert.equal(talk.out, 'said\n')
})

test('the log of a session is printed as it is, from any place on, and followed to its end', async () => {
  const { session_id } = await house.client.createSession()
  await house.client.result(
    (await house.client.submit('corner_shop.order', { sku: 'fig', euros: 1 }, { sessionId: session_id })).execution_id,
  )
  const second = await order('pear', 1, '--session', session_id)
  assert.equal(second.err.match(/accepted as/g)?.length, 1, 'of a session with a history its own part is told')
  const { events } = await house.client.events(session_id)
  const [all, some, words] = await Promise.all([
    house.biplane(['logs', session_id, '--json']),
    house.biplane(['logs', session_id, '--json', '--from', '2', '--type', 'step', '--type', 'execution.completed']),
    house.biplane(['logs', session_id]),
  ])
  assert.deepEqual(documentsOf(all), events)
  const wanted = events.filter(
    ({ type, seq }) => seq > 2 && (type.startsWith('step.') || type === 'execution.completed'),
  )
  assert.deepEqual(documentsOf(some), wanted)
  assert.deepEqual(words.out.trim().split('\n').length, events.length)
  assert.match(words.out, /^ +1 {2}(\d\d:){2}\d\d {2}session\.created /)

  const following = [
    ['follow', session_id],
    ['logs', session_id, '--follow', '--json'],
  ].map((args) => house.biplane(args))
  await house.client.closeSession(session_id, { reason: 'all done' })
  const [follow, log] = await Promise.all(following)
  assert.deepEqual([follow?.code, log?.code], [0, 0])
  assert.match(
    follow?.out ?? '',
    /corner_shop\.order exe_[^]*✔ ship[^]*the session is being closed: all done\n.* the session is closed\n$/,
  )
  assert.match(log?.out ?? '', /"type":"session\.closed"[^\n]*\n$/)
})

// The same at a terminal, where there is somebody to ask and a line that may move.

function atTerminal(args: readonly string[], columns?: number, more: NodeJS.ProcessEnv = {}) {
  const [program, words] = house.command(args)
  return openTerminal([program, ...words], { ...house.env(), ...more }, columns)
}
const ask = (sku: string, euros = 900) => atTerminal(['corner-shop', 'order', '--sku', sku, '--euros', String(euros)])

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
  const [no, later, other] = [ask('boat'), ask('car'), ask('bike', 9_000)]
  for (const terminal of [no, later, other]) await terminal.prints(/or later\? $/)
  no.type('n\r')
  await no.prints(/Why\?/)
  no.type('\r')
  later.type('l\r')
  const [bike] = await other.prints(/exe_\w+/)
  await house.client.approve(bike, 'large', { reason: 'seen elsewhere' })
  await other.prints(/\? Really\?[^]*or later\? $/)
  other.type('y\r')
  await other.prints(/Why\?/)
  other.type('\r')
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
