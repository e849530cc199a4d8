// content.profile: what a content's columns hold and what they may mean.

import { readFile } from 'node:fs/promises'

import * as z from 'zod'

import { query } from '@biplane/realm'
import { ContentId, Profile } from '@biplane/tables'

import { findContent } from './find-content.ts'

export const profile = query('content.profile', {
  title: 'Show the profile of a table',
  payload: z.strictObject({ content_id: ContentId }),
  result: Profile.extend({ content_id: ContentId, name: z.string() }),
  async run(ctx, { content_id }) {
    const { name, artifacts } = await findContent(ctx, content_id)
    const text = await readFile(await ctx.artifacts.path(artifacts.profile), 'utf8')
    return { content_id, name, ...Profile.parse(JSON.parse(text)) }
  },
})
