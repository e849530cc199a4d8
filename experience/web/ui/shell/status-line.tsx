// The line at the bottom: whether what is on the page is what there is.

import type { ReactNode } from 'react'

import { lineInWords, toneOf } from '../line/line-state.ts'
import { useLineState } from '../line/line-store.ts'
import { useWords } from '../time/use-words.ts'

export function StatusLine({ children }: { children?: ReactNode }) {
  const state = useLineState()
  const words = useWords((nowMs) => lineInWords(state, nowMs))
  return (
    <footer className="shell-status" data-tone={toneOf(state)} data-line={state.status}>
      <span className="shell-dot" aria-hidden />
      <span role="status">{words}</span>
      <span className="shell-status-rest">{children}</span>
    </footer>
  )
}
