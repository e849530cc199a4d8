// What `check` prints: how many go on, and for each reason those that do not.

import type { Checked, Stopped } from './check-executions.ts'

/** Of each reason; `--json` has the others. */
const SHOWN_MAX = 20

const DIVERGES = 'in flight would diverge'
const REASONS: Record<string, string> = {
  'handler.diverged': DIVERGES,
  'handler.foreign_await': DIVERGES,
  'realm.missing': 'in flight would have no realm',
  'payload.no_longer_valid': 'in flight would have a payload that no longer fits',
  'replay.unknown': 'in flight began with a newer version of Biplane',
}
const reasonOf = (code: string): string => REASONS[code] ?? `in flight would stop with ${code}`

export function textOf(checked: Checked): string {
  const { in_flight, replay, stop, stopped } = checked
  if (in_flight === 0) return 'Nothing is in flight.'
  const summary = `${in_flight} in flight: ${replay} replay, ${in_flight - replay} would stop.`
  const counts = Map.groupBy(Object.keys(stop), reasonOf)
  const shown = Map.groupBy(stopped, ({ code }) => reasonOf(code))
  const parts = Array.from(counts, ([reason, codes]) => {
    const count = codes.reduce((sum, code) => sum + (stop[code] ?? 0), 0)
    return `\n${count} ${reason}:\n${tableOf(shown.get(reason) ?? [], count)}`
  })
  return [summary, ...parts].join('\n')
}

function tableOf(stopped: readonly Stopped[], count: number): string {
  const some = stopped.slice(0, SHOWN_MAX)
  const rows = some.map(({ execution_id, intent_type, realm_version, status, message }) => {
    return [execution_id, `${intent_type} ${realm_version}`, status, message]
  })
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`)
  return [...lines, ...(count > some.length ? [`  and ${count - some.length} more: see them with --json`] : [])].join(
    '\n',
  )
}
