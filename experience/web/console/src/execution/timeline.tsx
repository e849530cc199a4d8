// What happened when, drawn: a row for each call and each undo.

import { ActionIcon, Switch, Tooltip, UnstyledButton } from '@mantine/core'
import { IconArrowBackUp, IconCheck, IconCircleDotted, IconGitFork, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'

import { durationInWords, exactTime } from '../../../ui/time/in-words.ts'
import { useWords } from '../../../ui/time/use-words.ts'
import { type TimeScale, isLopsided, timeScale } from './time-scale.ts'
import type { Bar, Row, Span, Timeline as Model } from './timeline-model.ts'
import './timeline.css'

const ROWS_SHOWN = 100
const TICKS = [0, 0.25, 0.5, 0.75, 1]
const TICK_MS = 1_000
/** Of what has only just begun. */
const WHOLE_MS_MIN = 10

export interface TimelineProps {
  timeline: Model
  /** Shows at each answer a button that goes on from there anew. */
  onFork?: ((ordinal: number) => void) | undefined
}

export function Timeline({ timeline, onFork }: TimelineProps) {
  const { rows, spans, fromMs } = timeline
  const toMs = useEnd(timeline)
  const [shown, setShown] = useState(ROWS_SHOWN)
  const [wish, setWish] = useState<boolean | null>(null)
  const times = useMemo(
    () => [
      fromMs,
      toMs,
      ...[...rows.flatMap(({ bars }) => bars), ...spans].flatMap((one) => [one.fromMs, one.toMs ?? toMs]),
    ],
    [rows, spans, fromMs, toMs],
  )
  const isShortened = wish ?? isLopsided(times)
  const scale = useMemo(() => timeScale(times, isShortened), [times, isShortened])
  return (
    <div className="timeline">
      <div className="timeline-bar">
        <Legend />
        <Switch
          size="xs"
          label="Shorten long waits"
          checked={isShortened}
          onChange={({ currentTarget }) => setWish(currentTarget.checked)}
        />
      </div>
      <Axis scale={scale} fromMs={fromMs} />
      <div className="timeline-body">
        <div className="timeline-spans" aria-hidden>
          {spans.map((span) => (
            <SpanMark key={`${span.kind} ${span.fromMs}`} span={span} scale={scale} toMs={toMs} />
          ))}
        </div>
        <ol className="timeline-rows" aria-label="What happened, in order">
          {rows.slice(0, shown).map((row) => (
            <RowLine key={row.id} row={row} scale={scale} toMs={toMs} onFork={onFork} />
          ))}
        </ol>
      </div>
      {rows.length === 0 && <p className="timeline-none">Its handler has called nothing that is in the log yet.</p>}
      {rows.length > shown && (
        <UnstyledButton className="timeline-more" onClick={() => setShown(rows.length)}>
          Show all {rows.length} rows
        </UnstyledButton>
      )}
    </div>
  )
}

/** Of what goes on, now, by the second. */
function useEnd({ fromMs, toMs, lastMs }: Model): number {
  const now = Number(useWords((nowMs) => (toMs === null ? String(Math.ceil(nowMs / TICK_MS)) : '0'))) * TICK_MS
  return toMs ?? Math.max(now, lastMs, fromMs + WHOLE_MS_MIN)
}

const LEGEND: readonly [kind: string, words: string][] = [
  ['work', 'at work'],
  ['failed', 'failed'],
  ['retry', 'until the next attempt'],
  ['wait', 'waits'],
  ['undo', 'taken back'],
]

const Legend = () => (
  <span className="timeline-legend">
    {LEGEND.map(([kind, words]) => (
      <span key={kind}>
        <i data-kind={kind} aria-hidden /> {words}
      </span>
    ))}
  </span>
)

const Axis = ({ scale, fromMs }: { scale: TimeScale; fromMs: number }) => (
  <div className="timeline-axis" aria-hidden>
    {TICKS.map((place) => (
      <span key={place} style={{ left: `${place * 100}%` }} data-end={place === 1}>
        {place === 0 ? '0' : `+${durationInWords(Math.max(0, scale.timeAt(place) - fromMs))}`}
      </span>
    ))}
  </div>
)

const placed = (scale: TimeScale, fromMs: number, toMs: number) => {
  const left = scale.at(fromMs)
  return { left: `${left * 100}%`, width: `${Math.max(0, scale.at(toMs) - left) * 100}%` }
}

const SpanMark = ({ span, scale, toMs }: { span: Span; scale: TimeScale; toMs: number }) => (
  <i data-span={span.kind} title={span.words} style={placed(scale, span.fromMs, span.toMs ?? toMs)} />
)

interface RowLineProps {
  row: Row
  scale: TimeScale
  toMs: number
  onFork: ((ordinal: number) => void) | undefined
}

function RowLine({ row, scale, toMs, onFork }: RowLineProps) {
  const { label, bars, state, attempts, error, childId, kind, ordinal } = row
  const mayFork = onFork !== undefined && kind !== 'undo' && state !== 'open' && state !== 'failed'
  return (
    <li className="timeline-row" data-state={state}>
      <span className="timeline-label">
        <StateSign row={row} />
        <span className="timeline-name" title={label}>
          {childId === undefined ? (
            label
          ) : (
            <Link to="/executions/$id" params={{ id: childId }}>
              {label}
            </Link>
          )}
        </span>
        {attempts > 1 && <span className="timeline-attempts">{attempts} attempts</span>}
        {mayFork && (
          <Tooltip label="Fork: go on from this answer">
            <ActionIcon
              className="timeline-fork"
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={`Fork behind ${label}`}
              onClick={() => onFork(ordinal)}
            >
              <IconGitFork size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </span>
      <span className="timeline-track" aria-hidden>
        {bars.map((bar) => (
          <i
            key={`${bar.kind} ${bar.fromMs} ${bar.words}`}
            data-kind={bar.kind}
            data-open={bar.toMs === null}
            title={barWords(bar, toMs)}
            style={placed(scale, bar.fromMs, bar.toMs ?? toMs)}
          />
        ))}
      </span>
      <span className="timeline-took">{tookOf(bars, toMs)}</span>
      {error !== undefined && <span className="timeline-error">{error}</span>}
    </li>
  )
}

const SIGNS = {
  open: [IconCircleDotted, 'goes on'],
  done: [IconCheck, 'done'],
  failed: [IconX, 'failed'],
  undone: [IconArrowBackUp, 'done, and taken back'],
} as const

function StateSign({ row: { state } }: { row: Row }) {
  const [Sign, words] = SIGNS[state]
  return <Sign className="timeline-sign" size={14} stroke={2.2} role="img" aria-label={words} aria-hidden={false} />
}

const barWords = ({ words, fromMs, toMs }: Bar, endMs: number): string =>
  `${words}: ${durationInWords((toMs ?? endMs) - fromMs)}, from ${exactTime(fromMs)}`

function tookOf(bars: readonly Bar[], toMs: number): string {
  const [first, last] = [bars[0], bars.at(-1)]
  return first === undefined || last === undefined
    ? ''
    : durationInWords(Math.max(0, (last.toMs ?? toMs) - first.fromMs))
}
