import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

import fc from 'fast-check'

import { ingest, testRuntime, type TestRuntime } from '@biplane/tables/testing'

import { dataMash } from './data-mash.ts'
import { withdrawProduct } from './product.ts'

/** Every run of the tests makes other tables; `PROPERTY_RUNS=1000` is the long form. */
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 6)

// oxlint-disable-next-line typescript/no-explicit-any -- A test looks into whatever came back; a wrong guess fails it.
type Json = Record<string, any>

const table = (...lines: string[]): string => lines.join('\n') + '\n'
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

async function mash(
  runtime: TestRuntime,
  files: Record<string, string | Uint8Array>,
  options: Json = {},
): Promise<Json> {
  const content_ids: string[] = []
  for (const [name, text] of Object.entries(files)) content_ids.push(await ingest(runtime, name, text))
  return runtime.intent(dataMash, 'data_mash.create', { content_ids, ...options })
}

const ask = async (runtime: TestRuntime, { product_id }: Json, sql?: string): Promise<unknown[][]> =>
  ((await runtime.query(dataMash, 'data_mash.query', { product_id, ...(sql === undefined ? {} : { sql }) })) as Json)[
    'rows'
  ]

const accounts = ({ accounting }: Json) =>
  accounting.contents.map((one: Json) => [
    one['role'],
    one['used'],
    one['duplicates_set_aside'],
    one['not_referred_to'],
  ])
const joined = ({ joins }: Json) =>
  joins.map((one: Json) => `${one['left']}.${one['left_column']} = ${one['right']}.${one['right_column']}`)
const codes = ({ warnings }: Json) => warnings.map(({ code }: Json) => code)

const ORDERS = table(
  'order_id;customer_id;amount',
  ...numbers(24).map((i) => `${i};${i % 12 === 0 ? 99 : i % 12};${i},50`),
  '25',
  '26;;3,00',
)
const CUSTOMERS = table('id,name', ...numbers(13).map((i) => `${i},Name ${i}`), '3,Again', '3,Thrice', '13,Again')

test('two files that do not match give one table, with everything that a surface shows of it', async () => {
  await using runtime = await testRuntime()
  const orders = table(
    'order_id;customer_id;product;amount;ordered_on',
    ...numbers(40).map((i) => `${i};${(i % 12) + 1};K\xe4se;1.${100 + i},50;${(i % 28) + 1}.03.2024`),
    '41;7;K\xe4se',
    '42;8;K\xe4se;zw\xf6lf;31.02.2024',
    '43;9;K\xe4se;1,00;01.03.2024;too;many',
  )
  const customers = table('customer_id,name', ...numbers(40).map((i) => `${i},Name ${i}`), '5,Again', '5,Thrice')
  const made = await mash(runtime, { 'orders.csv': Buffer.from(orders, 'latin1'), 'customers.csv': customers })
  const { product_id, quality, accounting } = made
  const shown = (await runtime.query(dataMash, 'data_mash.product', { product_id })) as Json

  assert.deepEqual((await ask(runtime, made))[0], [1, 2, 'Käse', 1101.5, '2024-03-02', 'Name 2'])
  assert.deepEqual(shown['quality'], quality)
  assert.deepEqual(quality.contents[0].rejected_cells_sample, [
    { row: 42, column: 'amount', raw: 'zwölf', reason: 'not_decimal' },
    { row: 42, column: 'ordered_on', raw: '31.02.2024', reason: 'not_date' },
  ])
  assert.deepEqual(
    quality.contents[0].rejected_rows_sample.map(({ record, line, detail, raw }: Json) => [record, line, detail, raw]),
    [
      [41, 42, 'It has 3 cells; the table has 5 columns.', '41;7;Käse'],
      [43, 44, 'It has 7 cells; the table has 5 columns.', '43;9;Käse;1,00;01.03.2024;too;many'],
    ],
  )
  assert.match(made['warnings'][0].message, /Joined as they are, 41 rows of orders would become 49\./)
  assert.deepEqual(shown['contract'].accounting, accounting)
  for (const { rows, used, duplicates_set_aside, not_referred_to } of accounting.contents) {
    assert.equal(rows.in, rows.rejected + used + duplicates_set_aside + not_referred_to)
  }
  assert.deepEqual(
    shown['contract'].sources.map(({ content }: Json) => content),
    ['orders.csv', 'customers.csv'],
  )
})

test('rows of the base stay as they are; a joined table accounts for each of its rows', async () => {
  await using runtime = await testRuntime()
  const made = await mash(runtime, { 'orders.csv': ORDERS, 'customers.csv': CUSTOMERS })
  assert.deepEqual(joined(made), ['orders.customer_id = customers.id'])
  assert.deepEqual(
    [made['rows'], accounts(made)],
    [
      25,
      [
        ['base', 25, 0, 0],
        ['joined', 11, 3, 2],
      ],
    ],
  )
  assert.deepEqual(codes(made), ['fan_out', 'unmatched'])
  assert.match(
    made['warnings'][0].message,
    /2 values of customers.id occur more than once.* 22 rows of orders would become 26/,
  )
  assert.match(made['warnings'][1].message, /Of 25 rows of orders, 2 have a customer_id that .* and 1 has none/)
  assert.deepEqual((await ask(runtime, made))[2], [3, 3, 3.5, 'Name 3'])
  const lineage = 'SELECT _source, _row, _source_customers, _row_customers FROM data WHERE order_id IN (3, 12)'
  assert.deepEqual(await ask(runtime, made, lineage), [
    ['orders', 3, 'customers', 3],
    ['orders', 12, null, null],
  ])
})

test('the phases are steps of their names, each followed by its event', async () => {
  await using runtime = await testRuntime()
  await mash(runtime, { 'orders.csv': ORDERS, 'customers.csv': CUSTOMERS })
  const phases = ['initiated', 'data_quality', 'semantic_interpretation', 'semantic_mapping', 'registered']
  assert.deepEqual(runtime.steps, phases)
  assert.deepEqual(
    runtime.emitted.map(({ type }) => type),
    phases.map((phase) => `data_mash.${phase}`),
  )
})

test('a person is asked before the table is made, if that is wanted, and a refusal leaves none', async () => {
  await using runtime = await testRuntime()
  const files = { 'orders.csv': ORDERS, 'customers.csv': CUSTOMERS }
  await mash(runtime, files)
  assert.deepEqual(runtime.asked, [])
  assert.equal((await mash(runtime, files, { review: true }))['rows'], 25)
  assert.deepEqual(runtime.asked, ['mapping'])

  const products = () => [...runtime.state.keys()].filter((key) => key.startsWith('product/')).length
  const before = products()
  runtime.approves = false
  await assert.rejects(mash(runtime, files, { review: true }), { code: 'approval.refused' })
  assert.deepEqual([runtime.steps.at(-1), products()], ['semantic_mapping', before])
})

test('duplicates multiply the rows of the base only where that is asked for', async () => {
  await using runtime = await testRuntime()
  const made = await mash(runtime, { 'orders.csv': ORDERS, 'customers.csv': CUSTOMERS }, { duplicates: 'multiply' })
  assert.deepEqual([made['rows'], made['accounting'].multiplied_rows], [29, 4])
  assert.deepEqual(accounts(made)[1], ['joined', 13, 0, 3])
})

test('tables of one shape stand under one another, and what they refer to is joined to all', async () => {
  await using runtime = await testRuntime()
  const month = (from: number, amount: string) =>
    table('order_id,customer_id,amount', ...numbers(10).map((i) => `${from + i},${i},${amount}`))
  const made = await mash(runtime, {
    'january.csv': month(0, '1.25'),
    'february.csv': month(100, '2'),
    'customers.csv': table('customer_id,city', ...numbers(10).map((i) => `${i},City ${i}`)),
  })
  assert.deepEqual(joined(made), ['january.customer_id = customers.customer_id'])
  assert.deepEqual(
    [made['rows'], accounts(made)],
    [
      20,
      [
        ['base', 10, 0, 0],
        ['base', 10, 0, 0],
        ['joined', 10, 0, 0],
      ],
    ],
  )
  assert.deepEqual(
    await ask(runtime, made, 'SELECT _source, _row, amount, city FROM data WHERE order_id IN (1, 101)'),
    [
      ['january', 1, 1.25, 'City 1'],
      ['february', 1, 2, 'City 1'],
    ],
  )
})

test('what is joined may refer further', async () => {
  await using runtime = await testRuntime()
  const made = await mash(runtime, {
    'customers.csv': table('id,country_code', ...numbers(6).map((i) => `${i},${['DE', 'FR', 'IT'][i % 3]}`)),
    'items.csv': table('item,order_id', ...numbers(30).map((i) => `thing ${i},${(i % 12) + 1}`)),
    'countries.csv': table('code,country_name', 'DE,Germany', 'FR,France', 'IT,Italy'),
    'orders.csv': table('order_id,customer_id', ...numbers(12).map((i) => `${i},${(i % 6) + 1}`)),
  })
  assert.deepEqual(joined(made).toSorted(), [
    'customers.country_code = countries.code',
    'items.order_id = orders.order_id',
    'orders.customer_id = customers.id',
  ])
  assert.equal(made['rows'], 30)
  assert.deepEqual((await ask(runtime, made, 'SELECT count(country_name) FROM data'))[0], [30])
})

test('two tables with the same identifiers are joined by them; small numbers alone join nothing', async () => {
  await using runtime = await testRuntime()
  const same = await mash(runtime, {
    'people.csv': table('id,name', '1,Ann', '2,Bob', '3,Cy'),
    'scores.csv': table('id,score', '1,7.5', '2,8.5', '3,9.5'),
  })
  assert.deepEqual(joined(same), ['people.id = scores.id'])
  const chance = await mash(runtime, {
    'boxes.csv': table('weight,label', ...numbers(20).map((i) => `${i},box ${i}`)),
    'rooms.csv': table('id,floor', ...numbers(40).map((i) => `${i},${i % 3}`)),
  })
  assert.deepEqual([joined(chance), codes(chance), chance['rows']], [[], ['no_relation'], 60])
})

test('values join where names do not, and case does not divide', async () => {
  await using runtime = await testRuntime()
  const code = (i: number) => `A${(i * 7919) % 1000}X`
  const made = await mash(runtime, {
    'flights.csv': table('origin,delay', ...numbers(200).map((i) => `${code(i % 50)},${i}`)),
    'airports.csv': table('iata,title', ...numbers(60).map((i) => `${code(i - 1).toLowerCase()},Airport ${i}`)),
  })
  assert.deepEqual(joined(made), ['flights.origin = airports.iata'])
  assert.deepEqual(codes(made), ['case_ignored'])
  assert.equal((await ask(runtime, made, 'SELECT count(title) FROM data'))[0]?.[0], 200)
})

test('columns of the same name are kept apart, and the contract says where each comes from', async () => {
  await using runtime = await testRuntime()
  const made = await mash(runtime, {
    'orders.csv': table('id,customer_id,name', ...numbers(30).map((i) => `${i + 1000},${(i % 10) + 1},order ${i}`)),
    'customers.csv': table('id,name', ...numbers(10).map((i) => `${i},Name ${i}`)),
  })
  assert.deepEqual(
    made['columns'].map(({ name }: Json) => name),
    ['id', 'customer_id', 'name', 'customers_name'],
  )
  const { contract, quality } = (await runtime.query(dataMash, 'data_mash.product', {
    product_id: made['product_id'],
  })) as Json
  const last = contract.columns.at(-1)
  assert.deepEqual(
    [last.name, last.lineage[0].content, last.lineage[0].column],
    ['customers_name', 'customers.csv', 'name'],
  )
  assert.equal(quality.contents.length, 2)
})

test('rejected cells and rows are in the quality report', async () => {
  await using runtime = await testRuntime()
  const made = await mash(runtime, {
    'a.csv': table('id,amount', ...numbers(20).map((i) => `${i},${i}`), '21,many', '22'),
    'b.csv': table('other,thing', 'x,y'),
  })
  const [report] = made['quality'].contents
  assert.deepEqual(report.rejected_cells_sample, [{ row: 21, column: 'amount', raw: 'many', reason: 'not_integer' }])
  assert.equal(report.rejected_rows_sample[0].raw, '22')
  assert.ok(made['quality'].score < 1)
})

test('what cannot be mashed is refused with what to do', async () => {
  await using runtime = await testRuntime()
  const files = { 'a.csv': table('a,b', '1,2', '3'), 'b.csv': table('c', '1') }
  await assert.rejects(mash(runtime, files, { minimum_quality: 0.99 }), { code: 'data_mash.quality_too_low' })
  const id = await ingest(runtime, 'a.csv', 'a\n1\n')
  const create = (content_ids: string[]) => runtime.intent(dataMash, 'data_mash.create', { content_ids })
  await assert.rejects(create([id, 'cnt_unknown']), { code: 'content.not_found', message: /cnt_unknown/ })
  await assert.rejects(create([id, id]), { code: 'data_mash.content_twice' })
  assert.equal(
    [...runtime.state.keys()].some((key) => key.startsWith('product/')),
    false,
  )
})

test('a product is asked by SELECT, over the product and its contents', async () => {
  await using runtime = await testRuntime()
  const made = await mash(runtime, { 'orders.csv': ORDERS, 'customers.csv': CUSTOMERS })
  assert.deepEqual(await ask(runtime, made, 'SELECT count(*) FROM customers'), [[16]])
  await assert.rejects(ask(runtime, made, 'DROP VIEW data'), { code: 'data_mash.sql_invalid' })
  await assert.rejects(ask(runtime, made, "SELECT * FROM '/etc/passwd'"), { code: 'data_mash.sql_invalid' })
  await assert.rejects(ask(runtime, { product_id: 'prd_none' }), { code: 'data_mash.not_found' })
  const page = (await runtime.query(dataMash, 'data_mash.query', {
    product_id: made['product_id'],
    limit: '2',
  })) as Json
  assert.deepEqual([page['rows'].length, page['truncated'], page['columns'].length], [2, true, 4])
})

test('a product as CSV keeps what its values say, and a second time it is the same file', async () => {
  await using runtime = await testRuntime()
  const notes = ['plain', '"a ""b"", c"', '"two\nlines"', '', "'=1+1", 'Käse']
  const made = await mash(runtime, {
    'orders.csv': table(
      'order_id,code,note',
      ...numbers(30).map((i) => `${i},${String(i).padStart(5, '0')},${notes[i % 6]}`),
    ),
    'other.csv': table('thing,day', 'x,2024-03-01'),
  })
  const write = async () => {
    const { product_id } = made
    const { artifact, rows } = (await runtime.intent(dataMash, 'data_mash.export', { product_id })) as Json
    return { id: artifact.artifact_id, rows, text: await readFile(await runtime.artifacts.path(artifact), 'utf8') }
  }
  const { id, rows, text } = await write()
  assert.equal(rows, 31)
  assert.deepEqual(text.split('\n').slice(0, 9), [
    'order_id,code,note,thing,day',
    '1,00001,"a ""b"", c",,',
    '2,00002,"two',
    'lines",,',
    '3,00003,,,',
    "4,00004,'=1+1,,",
    '5,00005,Käse,,',
    '6,00006,plain,,',
    '7,00007,"a ""b"", c",,',
  ])
  assert.deepEqual(text.split('\n').slice(-2), [',,,x,2024-03-01', ''])
  assert.equal((await write()).id, id)
  const gone = runtime.intent(dataMash, 'data_mash.export', { product_id: 'prd_none' })
  await assert.rejects(gone, { code: 'data_mash.not_found' })
})

test('a product is taken back when its mash is undone, and taking it back twice changes nothing', async () => {
  await using runtime = await testRuntime()
  const { product_id } = await mash(runtime, { 'orders.csv': ORDERS, 'customers.csv': CUSTOMERS })
  const id = String(product_id)
  await withdrawProduct(runtime.tenantState, id)
  await withdrawProduct(runtime.tenantState, id)
  await assert.rejects(ask(runtime, { product_id: id }), { code: 'data_mash.not_found' })
  await withdrawProduct(runtime.tenantState, 'prd_never')
  assert.equal(runtime.state.has('product/prd_never'), false)
})

test('whatever the keys, each row of the base is in the product once and the others are accounted for', async () => {
  await using runtime = await testRuntime()
  const key = fc.oneof(fc.integer({ min: 1, max: 12 }).map(String), fc.constantFrom('', 'x', 'NA'))
  const lefts = fc.array(fc.tuple(key, fc.integer()), { minLength: 1, maxLength: 25 })
  const rights = fc.array(fc.tuple(key, fc.string({ unit: 'grapheme-ascii', maxLength: 4 })), {
    minLength: 1,
    maxLength: 15,
  })
  await fc.assert(
    fc.asyncProperty(lefts, rights, fc.constantFrom('set_aside', 'multiply'), async (left, right, duplicates) => {
      // The mash itself checks that rows reconcile, and throws if they do not.
      const made = await mash(
        runtime,
        {
          'orders.csv': table('customer_id,amount', ...left.map((row) => row.join(','))),
          'customers.csv': table('id,name', ...right.map(([id, name]) => `${id},"${name.replaceAll('"', '""')}"`)),
        },
        { duplicates },
      )
      const rows = await ask(
        runtime,
        made,
        "SELECT DISTINCT _row, amount FROM data WHERE _source = 'orders' ORDER BY _row",
      )
      if (accounts(made)[0][0] === 'base')
        assert.deepEqual(
          rows.map(([, amount]) => Number(amount)),
          left.map(([, amount]) => amount),
        )
    }),
    { numRuns: RUNS },
  )
})
