// The facts of a content, for queries.

import { TerminalError, type QueryContext } from '@biplane/realm'
import { Content, contentKey } from '@biplane/tables'

/** @throws TerminalError content.not_found */
export async function findContent(ctx: QueryContext, contentId: string): Promise<Content> {
  const found = await ctx.state.tenant.get<unknown>(contentKey(contentId))
  if (found === null) {
    throw new TerminalError('content.not_found', `There is no content ${contentId}.`, {
      advice: 'Upload the file first; content.list shows what there is. Contents belong to one tenant.',
    })
  }
  return Content.parse(found.value)
}
