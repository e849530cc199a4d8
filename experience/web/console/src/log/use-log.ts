// The log of a session, or of one execution in it.

import { useMemo, useSyncExternalStore } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { useReportLine } from '../../../ui/line/line-store.ts'
import { isAbout } from './about.ts'
import { type LogView, openLog } from './session-log.ts'

/** With `executionId`: what is of that one, and the beginnings of those that do it again. */
export function useLog(sessionId: string, executionId?: string): LogView {
  const { client } = useBiplane()
  const log = useMemo(
    () => openLog(client, sessionId, executionId === undefined ? () => true : (event) => isAbout(event, executionId)),
    [client, sessionId, executionId],
  )
  const view = useSyncExternalStore(log.subscribe, log.view)
  useReportLine(view.line)
  return view
}
