// data_mash.create: a saga of five phases, each a step of that name and an event `data_mash.<phase>`. The steps leave artifacts
// and nothing else, which nobody can see until the product is registered, and that is the last thing to happen.

import * as z from 'zod'

import { TerminalError, intent } from '@biplane/realm'
import { ContentId, Warning, newestFirst } from '@biplane/tables'

import { Accounting } from './accounting.ts'
import { buildProduct } from './build-product.ts'
import { interpret, relationsInShort } from './interpret.ts'
import { mapTables, mappingInShort } from './mapping.ts'
import { CONTENTS_MAX, CONTENTS_MIN, pin, readContents } from './pin.ts'
import { ProductArtifacts, ProductId, registerProduct, withdrawProduct } from './product.ts'
import { Quality, assessQuality, qualityInShort } from './quality.ts'
import { Relation } from './relation.ts'
import { groupByShape, nameSources } from './source.ts'

const NAME_CHARS_MAX = 200
const STEP_MS_MAX = 60 * 60_000
const OPTIONS = { timeoutMs: STEP_MS_MAX, retry: { times: 2 } }

const Create = z.strictObject({
  content_ids: z.array(ContentId).min(CONTENTS_MIN).max(CONTENTS_MAX),
  name: z.string().trim().min(1).max(NAME_CHARS_MAX).optional(),
  minimum_quality: z.number().min(0).max(1).optional().describe('Below this score nothing is made.'),
  duplicates: z
    .enum(['set_aside', 'multiply'])
    .default('set_aside')
    .describe('Of rows that share a key they are joined by: join the first and list the others, or join all.'),
  review: z
    .boolean()
    .default(false)
    .describe('Ask a person before the table is made. What is proposed is in the event data_mash.semantic_mapping.'),
})

const Result = z.object({
  product_id: ProductId,
  name: z.string(),
  rows: z.int(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), sql_type: z.string() })),
  accounting: Accounting,
  joins: z.array(Relation),
  warnings: z.array(Warning),
  quality: Quality,
  artifacts: ProductArtifacts,
})

export const create = intent('data_mash.create', {
  title: 'Make one table of several',
  description:
    'Finds out how uploaded tables belong together and makes one table of them that accounts for every row: which were rejected, used, set aside or not referred to.',
  payload: Create,
  result: Result,
  undoable: true,
  async run(ctx, { content_ids, duplicates, minimum_quality, review, ...payload }) {
    const found = await readContents(ctx, content_ids)
    const { contents } = await ctx.step('initiated', (step) => pin(step, content_ids, found), OPTIONS)
    const sources = nameSources([...found.values()])
    const groups = groupByShape(sources)
    const tables = sources.map(({ table }) => table)
    const name = payload.name ?? tables.join(' + ').slice(0, NAME_CHARS_MAX)
    ctx.emit('data_mash.initiated', { name, contents: contents.map(({ content_id, rows }) => ({ content_id, rows })) })

    const quality = await ctx.step('data_quality', (step) => assessQuality(step, sources), OPTIONS)
    ctx.emit('data_mash.data_quality', qualityInShort(quality))
    refusePoor(quality.score, minimum_quality)

    const interpretation = await ctx.step(
      'semantic_interpretation',
      (step) => interpret(step, sources, groups),
      OPTIONS,
    )
    ctx.emit('data_mash.semantic_interpretation', { relations: relationsInShort(interpretation) })

    const mapping = await ctx.step('semantic_mapping', () => mapTables(groups, interpretation, duplicates))
    const { warnings, trees } = mapping
    ctx.emit('data_mash.semantic_mapping', mappingInShort(mapping))
    if (review) await ctx.approval('mapping', { title: `Make ${name} as it is proposed?` })

    const product_id = newestFirst('prd', ctx)
    const plan = { product_id, name, sources, groups, mapping, interpretation, quality, duplicates }
    const built = await ctx.step('registered', (step) => buildProduct(step, plan), {
      ...OPTIONS,
      undo: ({ state }) => withdrawProduct(state.tenant, product_id),
    })
    const { columns, accounting, artifacts } = built
    const facts = { product_id, name, rows: accounting.product_rows }
    await registerProduct(
      ctx.state.tenant,
      { ...facts, columns: columns.length, lineage: built.lineage, artifacts },
      sources,
    )
    ctx.emit('data_mash.registered', { ...facts, columns: columns.length, accounting })

    return { ...facts, columns, accounting, joins: trees.flatMap(({ joins }) => joins), warnings, quality, artifacts }
  },
})

/** @throws TerminalError data_mash.quality_too_low */
function refusePoor(score: number, minimum: number | undefined): void {
  if (minimum === undefined || score >= minimum) return
  const message = `The quality of the data is ${score}, below the ${minimum} that was asked for. The event data_mash.data_quality says what is wrong.`
  throw new TerminalError('data_mash.quality_too_low', message)
}
