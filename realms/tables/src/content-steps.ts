// How a file becomes a content, in three steps of an execution. Each reads artifacts and leaves artifacts; what it returns is
// small enough for a log.

import { createReadStream } from 'node:fs'

import type { ArtifactRef } from '@biplane/protocol'
import type { Artifacts, StepContext } from '@biplane/realm'

import type { Content } from './content.ts'
import type { Signs } from './infer/propose.ts'
import type { LandJob } from './jobs/job.ts'
import type { Meaning } from './profile/profile.ts'
import { openScratch } from './scratch.ts'
import { tables } from './open-tables.ts'

export const PARQUET = 'application/vnd.apache.parquet'

type Landing = Pick<
  Content,
  'format' | 'encoding' | 'dialect' | 'rows' | 'reject_reasons' | 'blank_lines' | 'warnings'
> & {
  columns: { name: string; label: string }[]
  nul: boolean
  landed: ArtifactRef
  rejected_rows: ArtifactRef
}

type Typing = Pick<Content, 'columns' | 'rejected_cells' | 'warnings'> & { typed: ArtifactRef; rejected: ArtifactRef }

/** Keeps a file of a scratch folder as an artifact. */
const keep = (artifacts: Artifacts, path: string, name: string, media_type: string): Promise<ArtifactRef> =>
  artifacts.put(createReadStream(path), { name, media_type })

/** @throws TerminalError content.not_a_table, content.empty, content.encoding_unknown, content.too_many_columns */
export async function landContent(step: StepContext, file: ArtifactRef, wishes: LandJob['wishes']): Promise<Landing> {
  await using scratch = await openScratch()
  const source = await step.artifacts.path(file)
  const landed = await tables().run({ kind: 'land', scratch: scratch.path, source, wishes }, step)
  return {
    format: landed.format,
    encoding: landed.encoding,
    dialect: landed.dialect,
    rows: landed.rows,
    reject_reasons: landed.reasons,
    blank_lines: landed.blankLines,
    warnings: landed.warnings,
    columns: landed.columns,
    nul: landed.nul,
    landed: await keep(step.artifacts, landed.landed, 'landed.parquet', PARQUET),
    rejected_rows: await keep(step.artifacts, landed.rejectedRows, 'rejected-rows.parquet', PARQUET),
  }
}

/** `decimal`: the decimal sign of all numbers, if the sender named it. */
export async function typeContent(step: StepContext, landing: Landing, decimal: Signs['named']): Promise<Typing> {
  await using scratch = await openScratch()
  const typed = await tables().run(
    {
      kind: 'type',
      scratch: scratch.path,
      landed: await step.artifacts.path(landing.landed),
      columns: landing.columns,
      rows: landing.rows.landed,
      nul: landing.nul,
      // Semicolons separate cells where commas are in numbers.
      signs: { named: decimal, suggested: landing.dialect?.delimiter === ';' ? ',' : '.' },
    },
    step,
  )
  return {
    columns: typed.columns,
    rejected_cells: typed.rejectedCells,
    warnings: typed.warnings,
    typed: await keep(step.artifacts, typed.typed, 'typed.parquet', PARQUET),
    rejected: await keep(step.artifacts, typed.rejected, 'rejected-cells.parquet', PARQUET),
  }
}

/** The profile, and what each column most likely means. */
export async function profileContent(
  step: StepContext,
  typing: Typing,
  rows: number,
): Promise<{ profile: ArtifactRef; meanings: { column: string; meaning: string; score: number }[] }> {
  await using scratch = await openScratch()
  const typed = await step.artifacts.path(typing.typed)
  const profile = await tables().run(
    { kind: 'profile', scratch: scratch.path, typed, columns: typing.columns, rows },
    step,
  )
  const ref = await step.artifacts.put(Buffer.from(JSON.stringify(profile)), {
    name: 'profile.json',
    media_type: 'application/json',
  })
  const likeliest = (meanings: readonly Meaning[]): Meaning[] => meanings.slice(0, 1)
  const meanings = profile.columns.flatMap((column) =>
    likeliest(column.meanings).map(({ meaning, score }) => ({ column: column.name, meaning, score })),
  )
  return { profile: ref, meanings }
}

/** What the three steps found out, as the facts of a content. */
export function contentOf(
  about: Pick<Content, 'content_id' | 'name'>,
  source: ArtifactRef,
  landing: Landing,
  typing: Typing,
  profile: ArtifactRef,
): Content {
  const { columns: _names, nul: _nul, landed, rejected_rows, warnings, ...read } = landing
  const { columns, rejected_cells, typed, rejected } = typing
  return {
    ...about,
    ...read,
    rejected_cells,
    columns,
    warnings: [...warnings, ...typing.warnings],
    artifacts: { source, landed, rejected_rows, typed, rejected_cells: rejected, profile },
  }
}
