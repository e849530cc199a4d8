// data_mash.create: a saga of five phases, each a step of that name and an event `data_mash.<phase>`. The steps leave artifacts
// and nothing else, which nobody can see until the product is registered, and that is the last thing to happen.

import * as z from 'zod'

import { TerminalError, intent, type Context, type StepContext } from '@biplane/realm'
import { Content, ContentId, Warning, contentKey } from '@biplane/tables'

import { Accounting } from './accounting.ts'
import { Interpretation, interpret, relationsInShort } from './interpret.ts'
import { Mapping, mapTables } from './mapping.ts'
import { Product, ProductArtifacts, ProductId, productKey } from './product.ts'
import { ContentQuality, assessQuality, summaryOf } from './quality.ts'
import { buildProduct } from './register.ts'
import { Relation } from './relation.ts'
import { groupByShape, nameSources, type Source } from './source.ts'

const CONTENTS_MIN = 2
const CONTENTS_MAX = 20
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
})

export const Result = z.object({
  product_id: ProductId,
  name: z.string(),
  rows: z.int(),
  columns: z.array(z.object({ name: z.string(), type: z.string(), sql_type: z.string() })),
  accounting: Accounting,
  joins: z.array(Relation),
  warnings: z.array(Warning),
  quality: z.object({
    score: z.number(),
    contents: z.array(ContentQuality.omit({ rejected_rows_sample: true, rejected_cells_sample: true })),
  }),
  artifacts: ProductArtifacts,
})

export const create = intent('data_mash.create', {
  title: 'Make one table of several',
  description:
    'Finds out how uploaded tables belong together and makes one table of them that accounts for every row: which were rejected, used, set aside or not referred to.',
  payload: Create,
  result: Result,
  undoable: true,
  async run(ctx, { content_ids, duplicates, minimum_quality, ...payload }) {
    const found: (Content | null)[] = []
    for (const id of content_ids) found.push(await readContent(ctx, id))
    const pinned = await ctx.step('initiated', (step) => pin(step, content_ids, found), OPTIONS)
    const sources = nameSources(found as Content[])
    const groups = groupByShape(sources)
    const name =
      payload.name ??
      sources
        .map(({ table }) => table)
        .join(' + ')
        .slice(0, NAME_CHARS_MAX)
    ctx.emit('data_mash.initiated', { name, contents: pinned.contents.map(({ artifacts: _, ...facts }) => facts) })

    const quality = await ctx.step('data_quality', (step) => assessQuality(step, sources), OPTIONS)
    ctx.emit('data_mash.data_quality', summaryOf(quality))
    refusePoor(quality.score, minimum_quality)

    const interpretation: Interpretation = await ctx.step(
      'semantic_interpretation',
      (step) => interpret(step, sources, groups),
      OPTIONS,
    )
    ctx.emit('data_mash.semantic_interpretation', { relations: relationsInShort(interpretation) })

    const mapping: Mapping = await ctx.step('semantic_mapping', () => mapTables(groups, interpretation, duplicates))
    const joins = mapping.trees.flatMap((tree) => tree.joins)
    ctx.emit('data_mash.semantic_mapping', {
      bases: mapping.trees.map(({ base }) => base),
      joins: joins.map((join) => `${join.left}.${join.left_column} = ${join.right}.${join.right_column}`),
      unions: mapping.unions,
      warnings: mapping.warnings,
    })

    const productId = `prd_${ctx.uuid().replaceAll('-', '')}`
    const plan = { productId, name, sources, groups, mapping, interpretation, quality, duplicates }
    const built = await ctx.step('registered', (step) => buildProduct(step, plan), OPTIONS)
    const rows = built.accounting.product_rows
    await register(ctx, {
      product_id: productId,
      name,
      rows,
      columns: built.columns.length,
      sources: sources.map(sourceFacts),
      lineage: built.lineage,
      artifacts: built.artifacts,
    })
    ctx.emit('data_mash.registered', {
      product_id: productId,
      name,
      rows,
      columns: built.columns.length,
      accounting: built.accounting,
    })
    const { columns, accounting, artifacts } = built
    return {
      product_id: productId,
      name,
      rows,
      columns,
      accounting,
      joins,
      warnings: mapping.warnings,
      quality,
      artifacts,
    }
  },
})

async function readContent(ctx: Context, id: string): Promise<Content | null> {
  const found = await ctx.state.tenant.get<unknown>(contentKey(id))
  return found === null ? null : Content.parse(found.value)
}

/** Checks that everything is there. What a step returns is in the log, and what a log names is kept. */
async function pin(step: StepContext, ids: readonly string[], found: readonly (Content | null)[]) {
  const missing = ids.filter((_, i) => found[i] === null)
  if (missing.length > 0) {
    const message = `There is no content ${missing.join(', ')}. Upload the files first, in the same tenant.`
    throw new TerminalError('content.not_found', message)
  }
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined) {
    throw new TerminalError('data_mash.content_twice', `Content ${twice} is named twice. Name each content once.`)
  }
  const contents = found as readonly Content[]
  for (const { artifacts } of contents)
    for (const artifact of Object.values(artifacts)) await step.artifacts.stat(artifact)
  return { contents: contents.map(({ content_id, name, rows, artifacts }) => ({ content_id, name, rows, artifacts })) }
}

function refusePoor(score: number, minimum: number | undefined): void {
  if (minimum === undefined || score >= minimum) return
  const message = `The quality of the data is ${score}, below the ${minimum} that was asked for. The event data_mash.data_quality says what is wrong.`
  throw new TerminalError('data_mash.quality_too_low', message)
}

const sourceFacts = ({ table, content }: Source): Product['sources'][number] => ({
  table,
  content_id: content.content_id,
  typed: content.artifacts.typed,
})

/** Makes the product visible. If a cancel comes while that is being written, it is taken back. */
async function register(ctx: Context, product: Product): Promise<void> {
  const key = productKey(product.product_id)
  try {
    await ctx.state.tenant.compareAndSet(key, 0, product)
  } catch (error) {
    const written = await ctx.state.tenant.get(key)
    if (written !== null) await ctx.state.tenant.compareAndSet(key, written.revision, { withdrawn: true })
    throw error
  }
}
