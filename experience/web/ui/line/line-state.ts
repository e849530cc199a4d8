// How the lines to the server are, as one state for one sign at the bottom of the page. Pages report what they follow; what is worst
// is shown, because that is what a person has to know.

export interface Line {
  status: 'connecting' | 'live' | 'catching_up' | 'reconnecting' | 'ended'
  /** Events that are known to be there and have not come yet. */
  behind?: number | undefined
  /** When it connects again by itself, in milliseconds since 1970. */
  retryAt?: number | undefined
}

/** `idle`: nothing on this page is followed. `away`: the gateway answers, and its runtime does not. `offline`: nothing answers. */
export type LineState = Line | { status: 'idle' | 'away' | 'offline'; behind?: undefined; retryAt?: number | undefined }

export type Tone = 'good' | 'busy' | 'bad'

const WORST_FIRST = ['reconnecting', 'connecting', 'catching_up', 'live', 'ended'] as const

/** What all of them together come to. */
export function worstOf(lines: readonly Line[]): LineState {
  const worst = WORST_FIRST.find((status) => lines.some((line) => line.status === status))
  if (worst === undefined) return { status: 'idle' }
  const alike = lines.filter(({ status }) => status === worst)
  const behind = lines.reduce((sum, line) => sum + (line.behind ?? 0), 0)
  const retries = alike.flatMap(({ retryAt }) => retryAt ?? [])
  return {
    status: worst,
    ...(behind === 0 ? {} : { behind }),
    ...(retries.length === 0 ? {} : { retryAt: Math.min(...retries) }),
  }
}

export function toneOf({ status }: LineState): Tone {
  if (status === 'away' || status === 'offline') return 'bad'
  return status === 'live' || status === 'idle' || status === 'ended' ? 'good' : 'busy'
}

export function lineInWords({ status, behind, retryAt }: LineState, nowMs: number): string {
  const missing = behind === undefined ? '' : `, ${behind} ${behind === 1 ? 'event' : 'events'} behind`
  const waitS = retryAt === undefined ? 0 : Math.ceil((retryAt - nowMs) / 1000)
  const again = waitS > 0 ? `, next attempt in ${waitS} s` : ''
  switch (status) {
    case 'idle':
      return 'Connected'
    case 'ended':
    case 'live':
      return 'Live'
    case 'connecting':
      return 'Connecting …'
    case 'catching_up':
      return `Catching up${missing}`
    case 'reconnecting':
      return `Reconnecting${missing}${again}`
    case 'away':
      return 'The runtime is away. Nothing is lost; this page goes on when it is back.'
    case 'offline':
      return 'No connection. What you see is what was here last.'
    default:
      return status satisfies never
  }
}
