// Executions as rows, of which only those in view are drawn. New ones come on top; for who has scrolled away the list stands still, and
// says how many have come.

import type { ExecutionSummary } from '@biplane/protocol'
import { Button, Loader } from '@mantine/core'
import { IconArrowUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { type RefObject, memo, useEffect, useRef, useState } from 'react'

import { Ago } from '../../../ui/show/ago.tsx'
import { StatusMark } from '../../../ui/show/status-mark.tsx'
import { Took } from '../show/took.tsx'
import { useWindow } from '../show/use-window.ts'
import './executions-table.css'
import { useRowKeys } from './row-keys.ts'
import { type Rows, isFull } from './rows.ts'
import type { Executions } from './use-executions.ts'

const ROW_PX = 57
/** How far from the top still is the top. */
const AT_TOP_PX = 8
/** Older ones are asked for when so many rows are left. */
const LOAD_AHEAD_ROWS = 20

export interface ExecutionsTableProps {
  executions: Executions
  /** Where all are of one session, it is not said at each. */
  withSession?: boolean
}

export function ExecutionsTable({ executions, withSession = true }: ExecutionsTableProps) {
  const { rows, isLoadingOlder, loadOlder } = executions
  const box = useRef<HTMLDivElement>(null)
  const { shown, hidden, onScroll, toTop } = useStandingStill(rows?.items ?? [], box)
  const keyOf = (index: number) => shown[index]?.execution_id ?? index
  const inView = useWindow({ box, count: shown.length, rowPx: ROW_PX, keyOf })
  const last = inView.rows.at(-1)?.index ?? 0
  const older = rows?.older ?? null
  useEffect(() => {
    if (older !== null && last >= shown.length - LOAD_AHEAD_ROWS) loadOlder()
  })
  useRowKeys(box, inView.scrollTo, shown.length)
  return (
    <div className="panel executions" data-session={withSession}>
      {hidden > 0 && (
        <Button
          className="executions-new"
          size="compact-sm"
          radius="xl"
          leftSection={<IconArrowUp size={14} aria-hidden />}
          onClick={toTop}
        >
          {hidden} new
        </Button>
      )}
      <div
        className="executions-box"
        ref={box}
        onScroll={onScroll}
        role="table"
        aria-label="Executions"
        aria-rowcount={-1}
      >
        <Head withSession={withSession} />
        <div role="rowgroup" className="executions-rows" style={{ height: inView.height }}>
          {inView.rows.map(({ index, top }) => (
            <Row
              key={shown[index]?.execution_id}
              row={shown[index]}
              index={index}
              top={top}
              withSession={withSession}
            />
          ))}
        </div>
        <div className="executions-end">{isLoadingOlder ? <Loader size="xs" /> : endWords(rows)}</div>
      </div>
    </div>
  )
}

function endWords(rows: Rows | null): string | null {
  if (rows === null || (rows.older !== null && !isFull(rows))) return null
  return rows.older === null ? 'This is the first one.' : 'There are older ones: narrow the list to see them.'
}

const Head = ({ withSession }: { withSession: boolean }) => (
  <div role="rowgroup" className="executions-head">
    <div role="row" className="executions-row">
      <span role="columnheader">Intent</span>
      <span role="columnheader">Status</span>
      {withSession && <span role="columnheader">Session</span>}
      <span role="columnheader">Began</span>
      <span role="columnheader">Took</span>
    </div>
  </div>
)

interface RowProps {
  row: ExecutionSummary | undefined
  index: number
  top: number
  withSession: boolean
}

const Row = memo(function Row({ row, index, top, withSession }: RowProps) {
  if (row === undefined) return null
  const { execution_id, intent_type, status, compensated, session_id, created_at, ended_at, parent_id } = row
  return (
    <div role="row" className="executions-row" aria-rowindex={index + 2} style={{ transform: `translateY(${top}px)` }}>
      <span role="cell" className="executions-what">
        <Link to="/executions/$id" params={{ id: execution_id }} data-row={index} title={intent_type}>
          {intent_type}
        </Link>
        <span className="mono executions-id">
          {execution_id}
          {parent_id !== undefined && ' · a child'}
        </span>
      </span>
      <span role="cell">
        <StatusMark status={status} />
        {compensated && <span className="executions-undone">undone</span>}
      </span>
      {withSession && (
        <span role="cell" className="mono executions-id executions-session">
          <Link to="/sessions/$id" params={{ id: session_id }} tabIndex={-1}>
            {session_id}
          </Link>
        </span>
      )}
      <span role="cell" className="executions-began">
        <Ago time={created_at} />
      </span>
      <span role="cell" className="executions-took">
        <Took from={created_at} to={ended_at} />
      </span>
    </div>
  )
})

/** What is shown while rows come on top: all of them at the top of the list, else those that were there when it was left. */
function useStandingStill(items: readonly ExecutionSummary[], box: RefObject<HTMLDivElement | null>) {
  const [topId, setTopId] = useState<string | null>(null)
  const newer = topId === null ? 0 : items.filter(({ execution_id }) => execution_id > topId).length
  // After all was read again, none that were there may be.
  const hidden = newer === items.length ? 0 : newer
  const shown = hidden === 0 ? items : items.slice(hidden)
  const onScroll = () => {
    const isAtTop = (box.current?.scrollTop ?? 0) <= AT_TOP_PX
    if (isAtTop && topId !== null && hidden === 0) setTopId(null)
    if (!isAtTop && topId === null) setTopId(items[0]?.execution_id ?? null)
  }
  const toTop = () => {
    setTopId(null)
    box.current?.scrollTo({ top: 0 })
  }
  return { shown, hidden, onScroll, toTop }
}
