// biplane mash CONTENT…: the everyday way to `data-mash create`.

import type { Command } from 'commander'

import { type Task, run } from '../command.ts'
import { bold, careful, dim } from '../terminal/style.ts'
import { plain } from '../terminal/text.ts'
import { plural } from '../terminal/words.ts'
import { type SubmitOptions, addSubmitOptions, submit } from './submit.ts'

interface Options extends SubmitOptions {
  name?: string
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
  addSubmitOptions(program.command('mash'))
    .description('make one table of several that were uploaded')
    .argument('<content...>', 'ids that upload printed, such as cnt_…')
    .option('--name <name>', 'what to call the product')
    .action((content_ids: string[], { name, ...options }: Options, command: Command) =>
      run(command, (task) => {
        task.out.note(bold(plain(name ?? 'Data mash')))
        const payload = { content_ids, ...(name === undefined ? {} : { name }) }
        return submit(task, 'data_mash.create', payload, options, tellMash)
      }),
    )

function tellMash({ out, again }: Task, result: unknown): void {
  const product = result as MashResult
  out.line(
    `  ${bold(plain(product.name))}: ${plural(product.rows, 'row')}, ${plural(product.columns.length, 'column')}`,
  )
  for (const { message } of product.warnings) out.paragraph(`  ${careful('!')} `, plain(message))
  out.line(`  product ${bold(product.product_id)}`)
  out.note(dim(`  first rows: ${again(`data-mash query --product-id ${product.product_id}`)}`))
}
