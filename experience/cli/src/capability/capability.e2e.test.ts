// A command for every capability: made from the catalogue of the gateway, and of nothing else.

import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { until } from '@biplane/client/testing'

import { type House, documentsOf, openHouse } from '../testing/house.ts'
import { SHOP_REALM } from '../testing/shop-realm.ts'

let house: House
before(async () => {
  house = await openHouse()
  await writeFile(join(house.folder, 'left.txt'), 'left')
  await writeFile(join(house.folder, 'right.txt'), 'right!')
})
after(() => house[Symbol.asyncDispose]())

const sessions = async () => (await house.client.sessions()).items.length

test('fields are options and files are arguments; what was done is told beside, and the result alone is data', async () => {
  const order =
    'corner-shop order --sku apple --euros 3 --no-gift --tags a --tags b --to {"street":"High"} --to.floor 2 --payload.json x'
  const [ordered, compared, asked] = await Promise.all([
    house.biplane(order.split(' ')),
    house.biplane(['corner_shop', 'compare', 'left.txt', 'right.txt', '-'], { input: 'third' }),
    house.biplane(['corner_shop.stock', '--rows', '1']),
  ])
  assert.deepEqual([ordered.code, compared.code, asked.code], [0, 0, 0], ordered.err + compared.err + asked.err)
  assert.match(ordered.err, /accepted as exe_\w+\n {2}✔ reserve[^]*✔ ship[^]*completed in/)
  assert.equal(
    ordered.out,
    `lines
  item   euros
  apple      3
asked
  sku    apple
  euros  3
  gift   false
  tags   a, b
  to
    street  High
    floor   2
  speed  slow
  json   x
`,
  )
  assert.equal(compared.out, 'names  left.txt 4, right.txt 6, unnamed 5\n')
  assert.match(asked.out, /^items\n {2}name +left +place\.shelf\n {2}日本語 long .* 0 +0 +b0\nevil {2}a \[2Jb\n$/)
})

test('with --json all of it is documents, one a line, and stderr says nothing', async () => {
  const { code, out, err } = await house.biplane(['corner-shop', 'order', '--json', '--payload', '-'], {
    input: '{"sku": "fig", "euros": 1}',
  })
  const documents = documentsOf({ code, out, err })
  assert.deepEqual([code, err], [0, ''])
  assert.deepEqual([...new Set(documents.map(({ type }) => type))], ['accepted', 'event', 'execution'])
  const { execution } = documents.at(-1)
  assert.deepEqual(
    [execution.status, execution.result.asked.sku, execution.payload_fields],
    ['completed', 'fig', ['sku', 'euros']],
  )
  assert.ok(!('payload' in execution), 'what was sent may be nobody’s business')
})

test('what is clearly wrong is told at once, with exit code 2, and nothing is sent; the rest is refused by the runtime', async () => {
  const before = await sessions()
  const misuses: [args: string[], said: RegExp][] = [
    [['corner-shop', 'order', '--sku', 'apple'], /It needs --euros\.\n {2}See: npx biplane corner-shop order --help/],
    [['corner-shop', 'compare'], /It needs <left-file>\./],
    [['corner-shop', 'order', '--euros', 'many'], /--euros many cannot be used\. It must be a number\./],
    [['corner-shop', 'order', '--skuu', 'x'], /Unknown option '--skuu' \(Did you mean --sku\?\)/],
    [['corner-shop', 'compare', 'missing.txt'], /missing\.txt cannot be used: it is not there/],
    [['corner-shop', 'compare', '-', '-'], /Standard input can be read once only/],
    [['cornershop'], /Unknown command 'cornershop' \(Did you mean .*corner-shop\?\)/],
  ]
  const all = await Promise.all(misuses.map(([args]) => house.biplane(args)))
  for (const [i, [args, said]] of misuses.entries()) {
    assert.deepEqual([all[i]?.code, all[i]?.out], [2, ''], args.join(' '))
    assert.match(all[i]?.err ?? '', said)
  }
  assert.equal(await sessions(), before)
  const refused = await house.biplane(['corner-shop', 'order', '--sku', 'apple', '--euros', '-5'])
  assert.equal(refused.code, 5)
  assert.match(refused.err, /euros.*\(payload_invalid\)\n {2}See with --help what its fields take/)
})

test('help is made from the schema, and tells both ways to say it', async () => {
  const [{ out: all }, { out: realm }, { out: one }, { out: files }, { out: listed }] = await Promise.all([
    house.biplane(['--help']),
    house.biplane(['corner-shop', '--help']),
    house.biplane(['help', 'corner-shop', 'order']),
    house.biplane(['corner-shop', 'compare', '--help']),
    house.biplane(['capabilities', 'corner-shop']),
  ])
  assert.match(
    all,
    /What http:\/\/127.*\/v1 can do:\n {2}corner-shop +order, batch, talk, wait, stuck, compare, stock\n/,
  )
  assert.match(realm, /Commands:\n {2}order +Place an order\n/)
  assert.match(one, /^Usage: biplane corner-shop order --sku <text> --euros <integer> \[options\]\n/)
  for (const part of [
    /--sku <text> +What is ordered \(required\)/,
    /--speed <slow\|fast> +\(default: slow\)/,
    /--to\.floor/,
  ]) {
    assert.match(one, part)
  }
  assert.match(one, /Example:\n {2}npx biplane corner-shop order --sku apple --euros 3\n/)
  assert.match(one, /Also: biplane corner_shop\.order, and with JSON: biplane submit corner_shop\.order/)
  assert.match(
    files,
    /^Usage: biplane corner-shop compare <left-file> \[right-file\] \[more-file\.\.\.\] \[options\]\n/,
  )
  assert.match(listed, /corner-shop order +corner_shop\.order +intent +Place an order \(undoable\)\n/)
})

test('a realm that changes changes the commands, and nothing else had to', async () => {
  const changed = SHOP_REALM.replace("query('corner_shop.stock'", "query('corner_shop.shelf'")
  await house.runtime.start(changed)
  const shelf = await until('the new command', async () => {
    const ran = await house.biplane(['corner-shop', 'shelf', '--rows', '0', '--json'])
    return ran.code === 0 && ran
  })
  assert.deepEqual(documentsOf(shelf)[0].answer.items, [])
  const gone = await house.biplane(['corner-shop', 'stock'])
  assert.deepEqual([gone.code, /Unknown command 'stock'/.test(gone.err)], [2, true])
})

test('while the gateway is away there is help from what was last seen, and nothing is run with it', async () => {
  await house.gateway.end('SIGKILL')
  const [help, run, unseen] = await Promise.all([
    house.biplane(['corner-shop', 'order', '--help']),
    house.biplane(['corner-shop', 'order', '--sku', 'apple', '--euros', '1']),
    house.biplane(['corner-shop', '--help'], { env: { XDG_CACHE_HOME: join(house.folder, 'other') } }),
  ])
  assert.equal(help.code, 0)
  assert.match(help.out, /--sku <text>[^]*does not answer now; this is what it could do (just now|\d+ s ago)\./)
  assert.deepEqual([run.code, run.out], [4, ''])
  assert.match(run.err, /Nothing answers at http[^]*Start both planes \(npm start/)
  assert.match(unseen.out, /What the gateway can do is not known: nothing answers at/)
})
