// content.upload: land the file, type it, profile it, and keep the facts. Each part is a step, so a restart goes on after the
// last one that was done. The facts are written last: before that, a failure leaves nothing that anybody could see.

import * as z from 'zod'

import { artifact, intent } from '@biplane/realm'
import { Content, contentKey, contentOf, landContent, newestFirst, profileContent, typeContent } from '@biplane/tables'

const STEP_MS_MAX = 60 * 60_000
const NAME_CHARS_MAX = 200
const OPTIONS = { timeoutMs: STEP_MS_MAX, retry: { times: 2 } }

/** Words for what a form or a command line cannot carry well. */
const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const
const QUOTES = { double: '"', single: "'", none: '' } as const
const DECIMALS = { point: '.', comma: ',' } as const

const words = <T extends string>(of: Record<T, string>) => z.enum(Object.keys(of) as [T, ...T[]])

const Upload = z.strictObject({
  file: artifact().describe('A table: CSV, TSV, a JSON array of objects, or one JSON object a line.'),
  name: z
    .string()
    .trim()
    .min(1)
    .max(NAME_CHARS_MAX)
    .optional()
    .describe('What to call it; the name of the file if absent.'),
  delimiter: words(DELIMITERS).optional().describe('Found by reading, if absent. So are all below.'),
  quote: words(QUOTES).optional(),
  header: z.enum(['yes', 'no']).optional().describe('Whether the first record names the columns.'),
  encoding: z.string().max(40).optional().describe('Such as windows-1251 or shift_jis.'),
  decimal: words(DECIMALS).optional().describe('The decimal sign of all numbers.'),
})

export const upload = intent('content.upload', {
  title: 'Upload a table',
  description:
    'Reads a file by what it holds, not by its name. Every record is landed or listed as rejected with a reason; every cell that does not fit its column is listed too.',
  payload: Upload,
  result: Content,
  async run(ctx, payload) {
    const { file } = payload
    const name = payload.name ?? nameOf(file.name)
    const content_id = newestFirst('cnt', ctx)
    const wishes = {
      delimiter: payload.delimiter && DELIMITERS[payload.delimiter],
      quote: payload.quote && QUOTES[payload.quote],
      header: payload.header && payload.header === 'yes',
      encoding: payload.encoding,
    }
    const landing = await ctx.step('land', (step) => landContent(step, file, wishes), OPTIONS)
    const typing = await ctx.step(
      'type',
      (step) => typeContent(step, landing, payload.decimal === undefined ? null : DECIMALS[payload.decimal]),
      OPTIONS,
    )
    const { format, encoding, rows } = landing
    const warnings = [...landing.warnings, ...typing.warnings]
    const columns = typing.columns.length
    const { rejected_cells } = typing
    ctx.emit('content.parsed', { content_id, name, format, encoding, rows, rejected_cells, columns, warnings })

    const { profile, meanings } = await ctx.step(
      'profile',
      (step) => profileContent(step, typing, rows.landed),
      OPTIONS,
    )
    ctx.emit('content.profiled', { content_id, meanings })

    const facts = contentOf({ content_id, name }, file, landing, typing, profile)
    await ctx.state.tenant.compareAndSet(contentKey(content_id), 0, facts)
    return facts
  },
})

/** A file's name without what stands before it: senders may give a whole path. */
const nameOf = (path: string | undefined): string =>
  path?.split(/[/\\]/).at(-1)?.trim().slice(0, NAME_CHARS_MAX) || 'table'
