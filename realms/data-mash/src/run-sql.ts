// SQL over the sources of a mash, within a step.

import type { StepContext } from '@biplane/realm'
import { tables, type Job, type Ran, type Scratch } from '@biplane/tables'

import { groupSql, groupView } from './group-sql.ts'
import type { Group, Source } from './source.ts'

type RunJob = Extract<Job, { kind: 'run' }>

export interface Sql {
  sources: readonly Source[]
  /** Each readable as `group_<table>`. */
  groups?: readonly Group[]
  /** Further files, by the name by which they are readable. */
  files?: Record<string, string>
  /** What it is doing, for people. */
  says: string
  queries: RunJob['queries']
}

/** Sources are readable by the names of their tables. */
export async function runSql(
  step: StepContext,
  scratch: Scratch,
  { sources, groups = [], files = {}, says, queries }: Sql,
): Promise<Ran> {
  const inputs: Record<string, string> = { ...files }
  for (const { table, content } of sources) inputs[table] = await step.artifacts.path(content.artifacts.typed)
  const views = groups.map((group) => ({ name: groupView(group), sql: groupSql(group) }))
  return tables().run({ kind: 'run', scratch: scratch.path, inputs, views, says, queries }, step)
}
