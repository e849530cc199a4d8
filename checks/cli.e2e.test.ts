// The `biplane` command as a person and a script use it: a process, against both planes as processes.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

import { type Plane, startGateway, startRuntime, stop } from './planes.ts'

const ROOT = join(import.meta.dirname, '..')
let folder: string
let runtime: Plane
let gateway: Plane

interface Ran {
  code: number | null
  out: string
  err: string
  // oxlint-disable-next-line typescript/no-explicit-any -- a test looks into whatever came
  records: any[]
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'biplane-cli-'))
  runtime = await startRuntime(folder, { BIPLANE_CONFIG: join(ROOT, 'runtime.config.ts') })
  gateway = await startGateway(runtime.url)
  await writeFile(join(folder, 'orders.csv'), 'order_id,customer_id\n1,7\n2,8\n3,7,extra\n')
  await writeFile(join(folder, 'customers.csv'), 'customer_id,name\n7,Ada\n8,Grace\n')
  await writeFile(join(folder, 'photo.csv'), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70, 0, 1]))
})

after(async () => {
  await stop(gateway)
  await stop(runtime)
  await rm(folder, { recursive: true })
})

async function biplane(args: string[], url = `${gateway.url}/v1`): Promise<Ran> {
  const env = { ...process.env, BIPLANE_URL: url, NO_COLOR: '1' }
  const child = spawn(process.execPath, [join(ROOT, 'experience/cli/src/main.ts'), ...args], { cwd: folder, env })
  const ran: Ran = { code: null, out: '', err: '', records: [] }
  child.stdout.on('data', (chunk) => (ran.out += String(chunk)))
  child.stderr.on('data', (chunk) => (ran.err += String(chunk)))
  ran.code = await new Promise((resolve) => child.on('close', resolve))
  if (args.includes('--json'))
    ran.records = ran.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
  return ran
}

const contentOf = (ran: Ran): string => /content (cnt_\w+)/.exec(ran.out)?.[1] ?? ''

test('files are uploaded and followed, then mashed, and every figure is told', async () => {
  const orders = await biplane(['upload', 'orders.csv'])
  assert.equal(orders.code, 0, orders.err)
  assert.match(orders.err, /✔ land/)
  assert.match(orders.out, /3 rows = 2 landed \+ 1 rejected/)
  const customers = await biplane(['upload', 'customers.csv'])
  const mash = await biplane(['mash', contentOf(orders), contentOf(customers), '--name', 'both'])
  assert.equal(mash.code, 0, mash.err)
  for (const phase of ['initiated', 'data_quality', 'semantic_interpretation', 'semantic_mapping', 'registered']) {
    assert.match(mash.err, new RegExp(`✔ ${phase}`))
  }
  assert.match(mash.out, /both: 2 rows/)
})

test('detached it says how to follow, and follow and status tell the rest', async () => {
  const { out, err, code } = await biplane(['upload', 'orders.csv', '--detach'])
  assert.equal(code, 0)
  const id = /biplane follow (exe_\w+)/.exec(err)?.[1] ?? ''
  assert.equal(out, `${id}\n`)
  const followed = await biplane(['follow', id])
  assert.equal(followed.code, 0)
  assert.match(followed.out, /content\.upload[\s\S]*✔ profile[\s\S]*completed in/)
  const status = await biplane(['status', id])
  assert.match(status.out, /content\.upload +completed[\s\S]*land +completed/)
})

test('--json prints one document a line, and nothing else', async () => {
  const { records, code } = await biplane(['upload', 'orders.csv', '--json'])
  assert.equal(code, 0)
  assert.deepEqual([...new Set(records.map(({ type }) => type))], ['accepted', 'event', 'execution'])
  assert.equal(records.at(-1).execution.status, 'completed')
})

test('the exit code tells the outcome, and an error says what to do', async () => {
  const photo = await biplane(['upload', 'photo.csv'])
  assert.deepEqual([photo.code, photo.err.includes('content.not_a_table')], [1, true], photo.err)
  const missing = await biplane(['upload', 'nothing.csv'])
  assert.equal(missing.code, 2)
  assert.match(missing.err, /nothing\.csv/)
  const unknown = await biplane(['status', 'exe_01k9xpm2f80000000000000000'])
  assert.deepEqual([unknown.code, unknown.err.includes('execution_not_found')], [8, true])
  const usage = await biplane(['mash'])
  assert.equal(usage.code, 2)
  const nobody = await biplane(['status', 'exe_01k9xpm2f80000000000000000'], 'http://127.0.0.1:9/v1')
  assert.equal(nobody.code, 4)
  assert.match(nobody.err, /npm start/)
})

test('the demo tells what it promises', async () => {
  const { out, code, err } = await biplane(['demo'])
  assert.equal(code, 0, err)
  for (const part of [
    /1,200 rows = 1,197 landed \+ 3 rejected; 4 cells rejected/,
    /✔ semantic_interpretation/,
    /order_id +customer_id +product/,
    /58 +amount +twelve +not decimal/,
    /119 +10118;60;Käse;206,00 +It has 4 cells/,
    /fan out: 3 values of customers\.customer_id occur more than once/,
    /orders\.csv +base +1200 +3 +1197 +0 +0/,
    /it adds up/,
    /Time of each phase[\s\S]*registered +\d+ ms/,
  ]) {
    assert.match(out, part)
  }
})
