// Pages of a log, read with what their reader has shown.

import { text } from 'node:stream/consumers'

import { BiplaneError } from '@biplane/client'
import {
  type Event,
  type Problem,
  ProblemError,
  STREAM_CLOSED,
  STREAM_NEXT_OFFSET,
  STREAM_UP_TO_DATE,
  type Standing,
  parseOffset,
} from '@biplane/protocol'

import type { Caller } from '../identity/caller.ts'
import type { Kit } from '../kit/kit.ts'
import { type Part, partOf } from './part.ts'
import { type Source, pageAddressOf } from './source.ts'

/** A page behind an offset. @throws BiplaneError as the runtime answers; ProblemError runtime_unavailable, or as freshToken */
export type ReadPage = (offset: string) => Promise<Part>

/** Who reads what, and behind which offset. */
export interface Reading {
  caller: Caller
  source: Source
  offset: string
  /** Whether each event needs its own offset, as on sockets. */
  isByEvent: boolean
}

/** `signal` aborts when nobody waits for the page any more. */
export function pagesOf({ runtime }: Pick<Kit, 'runtime'>, reading: Reading, signal: AbortSignal): ReadPage {
  const { caller, source, isByEvent } = reading
  return async (offset) => {
    const token = await caller.freshToken()
    const answer = await runtime.send({
      method: 'GET',
      path: pageAddressOf(source, offset) + (isByEvent ? '&offsets=true' : ''),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      body: null,
      signal,
    })
    const body = await text(answer)
    if (answer.statusCode !== 200) throw refusalIn(body)
    const { [STREAM_NEXT_OFFSET]: next, [STREAM_UP_TO_DATE]: upToDate, [STREAM_CLOSED]: closed } = answer.headers
    const place = parseOffset(String(next)) as number
    const standing = { next: place, upToDate: upToDate === 'true', closed: closed === 'true' }
    return isByEvent ? byEvent(body, standing) : asOne(body, standing)
  }
}

const byEvent = (body: string, standing: Standing): Part =>
  partOf(
    (JSON.parse(body) as { offset: string; event: Event }[]).map(({ offset, event }) => ({
      place: parseOffset(offset) as number,
      json: JSON.stringify(event),
    })),
    standing,
  )

/** It is passed on as it is. */
const asOne = (body: string, standing: Standing): Part =>
  partOf(body === '[]' ? [] : [{ place: standing.next, json: body }], standing, body)

function refusalIn(body: string): Error {
  try {
    const problem = JSON.parse(body) as Problem
    return new BiplaneError(problem, { earliestOffset: problem.earliest_offset })
  } catch (cause) {
    return new ProblemError('runtime_unavailable', 'Something in between answered in place of the runtime.', { cause })
  }
}
