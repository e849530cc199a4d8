// Executions, steps and commits in numbers, counted as they are committed.

import { isFinal } from '@biplane/protocol'
import { Counter, Gauge, type Registry } from 'prom-client'

import type { NewEntry } from '../store/port.ts'
import { instrumentsIn } from './instruments.ts'
import { OTHER, boundedLabels } from './labels.ts'
import type { Observer } from './observer.ts'
import { UnfinishedExecutions } from './unfinished.ts'

export function executionMetrics(registry: Registry): Observer {
  const unfinished = new UnfinishedExecutions()
  const { accepted, ended, duration, stepDuration, stepFailures, undoFailures, ...others } = instrumentsIn(registry)
  const intentLabel = boundedLabels()
  const stepLabel = boundedLabels()
  const appendedByKind = new Map<string, number>()
  registry.registerMetric(gaugeOf(unfinished))
  registry.registerMetric(entriesOf(appendedByKind))

  function countEntry(intent_type: string, { kind, type, data }: NewEntry): void {
    appendedByKind.set(kind, (appendedByKind.get(kind) ?? 0) + 1)
    if (type === 'step.completed') {
      const { name, duration_ms } = JSON.parse(data) as { name: string; duration_ms: number }
      stepDuration.tally(duration_ms / 1000, intent_type, stepLabel(name))
    } else if (type === 'step.failed') {
      const { name, final } = JSON.parse(data) as { name: string; final: boolean }
      stepFailures.inc({ intent_type, step: stepLabel(name), final: String(final) })
    } else if (type === 'saga.undo_failed') undoFailures.inc({ intent_type })
  }

  return {
    seen: (rows) => rows.forEach((row) => unfinished.add(row)),
    accepted({ execution, entries: appended }) {
      unfinished.add(execution)
      const intent_type = intentLabel(execution.intent_type)
      accepted.inc({ intent_type })
      for (const entry of appended) countEntry(intent_type, entry)
    },
    recorded(command) {
      const known = unfinished.moved(command)
      const intent_type = known ? intentLabel(known.intent_type) : OTHER
      for (const entry of command.entries) countEntry(intent_type, entry)
      const { status } = command
      if (!isFinal(status)) return
      ended.inc({ intent_type, status })
      const last = command.entries.at(-1)
      if (known && last) duration.tally((last.time_ms - known.created_ms) / 1000, intent_type, status)
    },
    took(command, seconds, failed) {
      others.commands.tally(seconds, command)
      if (failed) others.commandFailures.inc({ command })
    },
  }
}

const gaugeOf = ({ byStatus }: UnfinishedExecutions) =>
  new Gauge({
    name: 'biplane_executions',
    help: 'Executions that have not ended, by status.',
    labelNames: ['status'] as const,
    registers: [],
    collect() {
      for (const [status, count] of byStatus) this.set({ status }, count)
    },
  })

/** Counted in a plain map and handed over when asked for: there are several to each commit. */
const entriesOf = (appended: Map<string, number>) =>
  new Counter({
    name: 'biplane_log_entries_total',
    help: 'Entries appended for executions, by kind.',
    labelNames: ['kind'] as const,
    registers: [],
    collect() {
      for (const [kind, count] of appended) this.inc({ kind }, count)
      appended.clear()
    },
  })
