// Phase initiated: the contents that were named, checked. What a step returns is in the log, and what a log names is kept, so
// the artifacts stay for as long as the mash is remembered.

import type { ArtifactRef } from '@biplane/protocol'
import { TerminalError, type Context, type StepContext } from '@biplane/realm'
import { Content, contentKey } from '@biplane/tables'

export const CONTENTS_MIN = 2
export const CONTENTS_MAX = 20

interface Pinned {
  contents: { content_id: string; rows: number; artifacts: ArtifactRef[] }[]
}

/** The contents that there are, in the order given. */
export async function readContents(ctx: Context, ids: readonly string[]): Promise<Map<string, Content>> {
  const found = new Map<string, Content>()
  for (const id of ids) {
    const content = await ctx.state.tenant.get<unknown>(contentKey(id))
    if (content !== null) found.set(id, Content.parse(content.value))
  }
  return found
}

/** @throws TerminalError content.not_found, data_mash.content_twice, artifact.not_found */
export async function pin(
  step: StepContext,
  ids: readonly string[],
  found: ReadonlyMap<string, Content>,
): Promise<Pinned> {
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length > 0) {
    const message = `There is no content ${missing.join(', ')}. Upload the files first, in the same tenant.`
    throw new TerminalError('content.not_found', message)
  }
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice !== undefined) {
    throw new TerminalError('data_mash.content_twice', `Content ${twice} is named twice. Name each content once.`)
  }
  const contents = [...found.values()].map(({ content_id, rows, artifacts }) => {
    return { content_id, rows: rows.landed, artifacts: Object.values(artifacts) }
  })
  for (const { artifacts } of contents) for (const artifact of artifacts) await step.artifacts.stat(artifact)
  return { contents }
}
