// The lines that the components of this tab hold, and whether the server was there when it was last asked.

import { useEffect, useSyncExternalStore } from 'react'

import { type Line, type LineState, worstOf } from './line-state.ts'

const lines = new Map<symbol, Line>()
const listeners = new Set<() => void>()
let reach: 'here' | 'away' | 'offline' = 'here'
let shown: LineState = { status: 'idle' }

function refresh(): void {
  shown = reach === 'here' ? worstOf([...lines.values()]) : { status: reach }
  for (const tell of listeners) tell()
}

/** Whether the gateway answers, and its runtime. */
export function setReach(next: typeof reach): void {
  if (reach === next) return
  reach = next
  refresh()
}

/** Shows at the bottom of the page how a stream is that this component follows; null while it follows none. @public */
export function useReportLine(line: Line | null): void {
  const status = line?.status
  const behind = line?.behind
  const retryAt = line?.retryAt
  useEffect(() => {
    if (status === undefined) return
    const key = Symbol(status)
    lines.set(key, { status, behind, retryAt })
    refresh()
    return () => {
      lines.delete(key)
      refresh()
    }
  }, [status, behind, retryAt])
}

export const useLineState = (): LineState =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    () => shown,
  )
