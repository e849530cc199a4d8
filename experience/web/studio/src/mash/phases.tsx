// The saga, phase by phase, with what each has found.

import { IconCircleCheck, IconCircleDashed, IconCircleX, IconHandStop, IconLoader } from '@tabler/icons-react'
import type { ComponentType, ReactNode } from 'react'

import { durationInWords } from '../../../ui/time/in-words.ts'
import { MASH, type PhaseState, phaseStates } from '../run/phases.ts'
import { type Run, progressOf } from '../run/run.ts'
import { Gathered, QualityFound, RelationsFound, Proposed } from './found.tsx'
import './phases.css'

const SIGNS: Record<PhaseState, ComponentType<{ size: number; 'aria-hidden': true }>> = {
  'to come': IconCircleDashed,
  'at work': IconLoader,
  waits: IconHandStop,
  done: IconCircleCheck,
  failed: IconCircleX,
  undone: IconCircleX,
}

const WORDS: Record<PhaseState, string> = {
  'to come': 'to come',
  'at work': 'at work',
  waits: 'waits for you',
  done: 'done',
  failed: 'failed',
  undone: 'taken back',
}

const FOUND: Record<string, (said: never) => ReactNode> = {
  initiated: Gathered,
  data_quality: QualityFound,
  semantic_interpretation: RelationsFound,
  semantic_mapping: Proposed,
}

export function Phases({ run }: { run: Run | null }) {
  const states = phaseStates(MASH, run)
  return (
    <ol className="phases" aria-label="Phases">
      {MASH.map(({ name, label, doing }, i) => {
        const state = states[i] ?? 'to come'
        const Sign = SIGNS[state]
        const said = run?.said[`data_mash.${name}`]
        const show = FOUND[name]
        return (
          <li key={name} className="phase" data-state={state} aria-current={state === 'at work' ? 'step' : undefined}>
            <Sign size={20} aria-hidden />
            <div className="phase-body">
              <h2 className="phase-name">
                {label} <span className="phase-state">{WORDS[state]}</span>
                <Took run={run} name={name} />
              </h2>
              {state === 'at work' && <p className="phase-doing">{doingNow(run, doing)}</p>}
              {said !== undefined && show !== undefined && show(said as never)}
            </div>
          </li>
        )
      })}
    </ol>
  )
}

const doingNow = (run: Run | null, doing: string): string =>
  (run === null ? null : progressOf(run)?.message) ?? `${doing} …`

function Took({ run, name }: { run: Run | null; name: string }) {
  const step = run?.execution.steps.find((one) => one.name === name)
  if (step?.status !== 'completed' || step.duration_ms === undefined) return null
  return <span className="phase-took">{durationInWords(step.duration_ms)}</span>
}
