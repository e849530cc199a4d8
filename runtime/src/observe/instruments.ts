// The counters and histograms of executions, steps and commits.

import { Counter, type Registry } from 'prom-client'

import { TalliedHistogram } from './tallied-histogram.ts'

/** From a commit's 0.1 ms to a second. */
const COMMIT_SECONDS = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1]
/** From a step of a millisecond to an approval after a month. */
const WORK_SECONDS = [0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120, 600, 3600, 86_400, 2_592_000]

export const instrumentsIn = (registry: Registry) => ({
  ...ofExecutions([registry]),
  ...ofSteps([registry]),
  ...ofCommits([registry]),
})

function ofExecutions(registers: Registry[]) {
  return {
    accepted: new Counter({
      name: 'biplane_executions_accepted_total',
      help: 'Executions that were accepted.',
      labelNames: ['intent_type'] as const,
      registers,
    }),
    ended: new Counter({
      name: 'biplane_executions_ended_total',
      help: 'Executions that ended, by how.',
      labelNames: ['intent_type', 'status'] as const,
      registers,
    }),
    duration: new TalliedHistogram({
      name: 'biplane_execution_duration_seconds',
      help: 'From acceptance to the end, waits included.',
      labelNames: ['intent_type', 'status'] as const,
      buckets: WORK_SECONDS,
      registers,
    }),
  }
}

function ofSteps(registers: Registry[]) {
  return {
    stepDuration: new TalliedHistogram({
      name: 'biplane_step_duration_seconds',
      help: 'Attempts of steps that succeeded.',
      labelNames: ['intent_type', 'step'] as const,
      buckets: WORK_SECONDS,
      registers,
    }),
    stepFailures: new Counter({
      name: 'biplane_step_failures_total',
      help: 'Attempts of steps that failed; final is true for those that are not tried again.',
      labelNames: ['intent_type', 'step', 'final'] as const,
      registers,
    }),
    undoFailures: new Counter({
      name: 'biplane_undo_failures_total',
      help: 'Attempts to undo a step that failed.',
      labelNames: ['intent_type'] as const,
      registers,
    }),
  }
}

function ofCommits(registers: Registry[]) {
  return {
    commands: new TalliedHistogram({
      name: 'biplane_store_command_seconds',
      help: 'Commands of the store, the durable commit included.',
      labelNames: ['command'] as const,
      buckets: COMMIT_SECONDS,
      registers,
    }),
    commandFailures: new Counter({
      name: 'biplane_store_command_failures_total',
      help: 'Commands of the store that failed.',
      labelNames: ['command'] as const,
      registers,
    }),
  }
}
