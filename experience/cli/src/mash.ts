// biplane mash CONTENT…

import type { Command } from 'commander'

import { type Task, run } from './command.ts'
import { EXIT, exitCodeOf } from './exit-code.ts'
import { bold, careful, dim } from './output.ts'
import { watch } from './watch.ts'
import { plural } from './words.ts'

interface Options {
  name?: string
  follow?: boolean
  session?: string
}

/** Of the result of data_mash.create, what is shown. */
export interface MashResult {
  product_id: string
  name: string
  rows: number
  columns: { name: string; type: string }[]
  accounting: {
    contents: {
      name: string
      role: string
      rows: { in: number; landed: number; rejected: number }
      used: number
      duplicates_set_aside: number
      not_referred_to: number
    }[]
    product_rows: number
    reconciled: boolean
  }
  warnings: { code: string; message: string }[]
  quality: { score: number }
}

export const addMash = (program: Command): Command =>
  program
    .command('mash')
    .description('make one table of several that were uploaded')
    .argument('<content...>', 'ids that upload --follow printed, such as cnt_…')
    .option('--name <name>', 'what to call the product')
    .option('-f, --follow', 'show each phase as it runs')
    .option('--session <id>', 'the session it belongs to; a new one if absent')
    .action((contents: string[], options: Options, command: Command) =>
      run(command, (task) => mash(task, contents, options)),
    )

async function mash(task: Task, content_ids: string[], { name, follow, session }: Options): Promise<number> {
  const { client, out, url, tenant } = task
  const sessionId = session ?? (await client.createSession()).session_id
  const payload = { content_ids, ...(name === undefined ? {} : { name }) }
  const accepted = await client.submit({ type: 'data_mash.create', sessionId, payload })
  out.record({ ...accepted, type: 'accepted' })
  if (follow !== true) {
    out.line(`accepted as ${accepted.execution_id}`)
    out.line(dim(`see what becomes of it: npx biplane follow ${accepted.execution_id}`))
    return EXIT.done
  }
  out.line(bold(name ?? 'Data mash'))
  const { execution } = await watch(task, accepted)
  if (execution.status === 'completed') {
    const product = execution.result as unknown as MashResult
    out.line(`  ${bold(product.name)}: ${plural(product.rows, 'row')}, ${plural(product.columns.length, 'column')}`)
    for (const { message } of product.warnings) out.paragraph(`  ${careful('!')} `, message)
    out.line(`  product ${bold(product.product_id)}`)
    out.line(dim(`  first rows: curl '${url}/data-mash/query?tenant_id=${tenant}&product_id=${product.product_id}'`))
  }
  return exitCodeOf(execution.status)
}
