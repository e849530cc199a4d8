// The ETag of what was read of a stream. What lies between two places never changes, so they say all of it; and a stream may close
// without a message.

import { offsetOf } from '@biplane/protocol'

import type { Part } from '../stream.ts'

export const tagOf = (id: string, from: number, { next, closed }: Pick<Part<never>, 'next' | 'closed'>): string =>
  `"${id}:${offsetOf(from)}:${offsetOf(next)}${closed ? ':closed' : ''}"`

/** Whether an If-None-Match names the tag. A cache on the way may have marked it as weak. */
export const isTagIn = (header: string | undefined, tag: string): boolean =>
  header !== undefined && header.split(',').some((one) => one.trim().replace(/^W\//, '') === tag)
