// Pages of a session's log, read with what their reader has shown.

import { text } from 'node:stream/consumers'

import { BiplaneError } from '@biplane/client'
import {
  type Problem,
  ProblemError,
  STREAM_CLOSED,
  STREAM_NEXT_OFFSET,
  STREAM_UP_TO_DATE,
  type SessionId,
  parseOffset,
} from '@biplane/protocol'

import type { Caller } from '../identity/caller.ts'
import type { Kit } from '../kit/kit.ts'
import { type Part, pagePart } from './part.ts'

/** A page behind an offset. @throws BiplaneError as the runtime answers; ProblemError runtime_unavailable, or as freshToken */
export type ReadPage = (offset: string) => Promise<Part>

/** `signal` aborts when nobody waits for the page any more. */
export function pagesOf(
  { runtime }: Pick<Kit, 'runtime'>,
  caller: Caller,
  sessionId: SessionId,
  signal: AbortSignal,
): ReadPage {
  return async (offset) => {
    const token = await caller.freshToken()
    const query = new URLSearchParams({ offset })
    if (caller.tenantId !== undefined) query.set('tenant_id', caller.tenantId)
    const answer = await runtime.send({
      method: 'GET',
      path: `/session/${encodeURIComponent(sessionId)}/events?${query.toString()}`,
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      body: null,
      signal,
    })
    const body = await text(answer)
    if (answer.statusCode !== 200) throw refusalIn(body)
    const { [STREAM_NEXT_OFFSET]: next, [STREAM_UP_TO_DATE]: upToDate, [STREAM_CLOSED]: closed } = answer.headers
    return pagePart(sessionId, body, {
      next: parseOffset(String(next)) as number,
      upToDate: upToDate === 'true',
      closed: closed === 'true',
    })
  }
}

function refusalIn(body: string): Error {
  try {
    return new BiplaneError(JSON.parse(body) as Problem)
  } catch (cause) {
    return new ProblemError('runtime_unavailable', 'Something in between answered in place of the runtime.', { cause })
  }
}
