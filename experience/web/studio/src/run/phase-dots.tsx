// How far a run has come, in as little room as can be.

import { type PhaseState, phaseStates, phasesOf } from './phases.ts'
import './phase-dots.css'
import type { Run } from './run.ts'

export function PhaseDots({ intentType, run }: { intentType: string; run: Run | null }) {
  const phases = phasesOf(intentType)
  const states = phaseStates(phases, run)
  const words = phases.map(({ label }, i) => `${label}: ${states[i] satisfies PhaseState | undefined}`)
  return (
    <span className="phase-dots" role="img" aria-label={words.join(', ')}>
      {states.map((state, i) => (
        <span key={phases[i]?.name} className="phase-dot" data-state={state} title={words[i]} />
      ))}
    </span>
  )
}
