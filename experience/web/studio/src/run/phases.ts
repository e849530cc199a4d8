// The phases of what Studio starts, in words, and how far a run has come in them. A step that has no undo is not told of before it is
// over, so the one at work is the first that is not.

import type { Run } from './run.ts'

export interface Phase {
  /** The step. */
  name: string
  /** What it does, while it does it. */
  doing: string
  /** What it is called. */
  label: string
}

const UPLOAD: readonly Phase[] = [
  { name: 'land', label: 'Records', doing: 'Reading its records' },
  { name: 'type', label: 'Types', doing: 'Finding the types of its columns' },
  { name: 'profile', label: 'Profile', doing: 'Looking at its values' },
]

export const MASH: readonly Phase[] = [
  { name: 'initiated', label: 'Gather the tables', doing: 'Gathering the tables' },
  { name: 'data_quality', label: 'Check their quality', doing: 'Checking their quality' },
  { name: 'semantic_interpretation', label: 'Find what belongs together', doing: 'Comparing columns with columns' },
  { name: 'semantic_mapping', label: 'Propose one table', doing: 'Choosing keys and joins' },
  { name: 'registered', label: 'Make it, and account for every row', doing: 'Writing the table' },
]

export const phasesOf = (intentType: string): readonly Phase[] => (intentType === 'content.upload' ? UPLOAD : MASH)

export type PhaseState = 'to come' | 'at work' | 'waits' | 'done' | 'failed' | 'undone'

/** One for each phase. Without a run none has begun. */
export function phaseStates(phases: readonly Phase[], run: Run | null): PhaseState[] {
  const isOver = run === null || run.execution.ended_at !== undefined
  let isNext = !isOver && !run.isCancelling && !run.execution.undoing
  return phases.map(({ name }) => {
    const step = run?.execution.steps.find((one) => one.name === name)
    if (step?.status === 'completed') return 'done'
    if (step?.status === 'undone' || step?.status === 'settled') return 'undone'
    if (step?.status === 'failed') return 'failed'
    if (!isNext) return 'to come'
    isNext = false
    return run?.execution.status === 'running' || run?.execution.status === 'accepted' ? 'at work' : 'waits'
  })
}
