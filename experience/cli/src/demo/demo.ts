// biplane demo: two files that do not match, and one table that accounts for every row of both, through the gateway.

import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Command } from 'commander'

import { type Task, run } from '../command.ts'
import { EXIT, exitCodeOf } from '../exit-code.ts'
import { executionRecord } from '../look/execution-record.ts'
import type { MashResult } from '../intent/mash.ts'
import { bold, dim } from '../terminal/style.ts'
import { sendFile } from '../artifact/send-file.ts'
import { type UploadResult, tellUpload } from '../intent/upload.ts'
import { watch } from '../watch/watch.ts'
import { type DemoFile, makeDemoFiles } from './files.ts'
import {
  type Quality,
  type Rows,
  reportAccounting,
  reportQuality,
  reportRows,
  reportTimes,
  reportWarnings,
} from './report.ts'

const FIRST_ROWS = 5

export const addDemo = (program: Command): Command =>
  program
    .command('demo')
    .description('make two files that do not match, upload them, and mash them')
    .option('--temporary', 'the planes are gone when it ends, so it says how to start some that stay')
    .action(({ temporary = false }: { temporary?: boolean }, command: Command) =>
      run(command, (task) => demo(task, temporary)),
    )

async function demo(task: Task, temporary: boolean): Promise<number> {
  const { client, out } = task
  const begun = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'biplane-demo-files-'))
  // However it ends, Ctrl-C included.
  process.once('exit', () => rmSync(folder, { recursive: true }))
  const session = await client.createSession()
  const content_ids: string[] = []
  for (const file of await makeDemoFiles(folder)) {
    const uploaded = await upload(task, file, session.session_id)
    if (uploaded === null) return EXIT.failed
    content_ids.push(uploaded.content_id)
  }
  out.line(`\n${bold('Mash')} ${dim('the runtime works; this is its log, followed through the gateway')}`)
  const accepted = await client.submit({
    type: 'data_mash.create',
    sessionId: session.session_id,
    payload: { content_ids },
  })
  const { execution, steps } = await watch(task, accepted, { channel: 'data' })
  out.record({ type: 'execution', execution: executionRecord(execution) })
  if (execution.status !== 'completed') return exitCodeOf(execution.status)
  const product = execution.result as unknown as MashResult
  const took_ms = performance.now() - begun
  await report(task, product)
  reportTimes(out, steps, took_ms)
  tellNext(task, product, session.session_id, temporary)
  return EXIT.done
}

/** Null if it did not complete. */
async function upload(task: Task, { path, about }: DemoFile, sessionId: string): Promise<UploadResult | null> {
  const { client, out } = task
  const file = await sendFile(task, path)
  out.line(`\n${bold(file.name ?? path)} ${dim(about)}`)
  const accepted = await client.submit({ type: 'content.upload', sessionId, payload: { file } })
  const { execution } = await watch(task, accepted, { channel: 'data' })
  out.record({ type: 'execution', execution: executionRecord(execution) })
  if (execution.status !== 'completed') return null
  const result = execution.result as unknown as UploadResult
  tellUpload(task, result)
  return result
}

async function report({ client, out }: Task, product: MashResult): Promise<void> {
  const { product_id } = product
  const first = await client.query<Rows>({ type: 'data_mash.query', payload: { product_id, limit: FIRST_ROWS } })
  const { quality } = await client.query<{ quality: Quality }>({ type: 'data_mash.product', payload: { product_id } })
  out.record({ type: 'rows', ...first })
  out.record({ type: 'quality', ...quality })
  reportRows(out, product, first)
  reportQuality(out, quality)
  reportWarnings(out, product)
  reportAccounting(out, product)
}

function tellNext({ out, again }: Task, { product_id }: MashResult, session: string, temporary: boolean): void {
  const sql = 'SELECT plan, count(*) AS orders, sum(amount) AS total FROM data GROUP BY ALL'
  out.line(`\n${bold('Next')}`)
  if (temporary) {
    out.line(`  ${dim('two planes that stay:')}  npm start`)
    out.line(`  ${dim('then your own files:')}   npx biplane upload FILE …`)
    return
  }
  out.line(`  ${dim('ask the product:')}  ${again(`data-mash query --product-id ${product_id} --sql '${sql}'`)}`)
  out.line(`  ${dim('see the log:')}      ${again(`logs ${session}`)}`)
  out.line(`  ${dim('your own files:')}   ${again('upload FILE …')}`)
}
