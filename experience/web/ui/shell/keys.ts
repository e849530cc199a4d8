// Keys of the whole page. Those of one character are heard only where nobody is writing.

import { useEffect, useRef } from 'react'

import type { Place } from './app.ts'

/** How long after `g` the key of a place counts. */
const CHORD_MS = 1_200
const WRITES = 'input, textarea, select, [contenteditable="true"], [role="textbox"]'

export interface KeyActions {
  find: () => void
  shortcuts: () => void
  go: (to: string) => void
}

export function useKeys(places: readonly Place[], actions: KeyActions): void {
  const chordAtMs = useRef(-Infinity)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const act = actionOf(event)
      if (act === null) return
      event.preventDefault()
      act()
    }
    const actionOf = (event: KeyboardEvent): (() => void) | null => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') return actions.find
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event)) return null
      if (event.key === '/') return actions.find
      if (event.key === '?') return actions.shortcuts
      const isChord = event.timeStamp - chordAtMs.current < CHORD_MS
      chordAtMs.current = event.key === 'g' ? event.timeStamp : -Infinity
      const place = isChord ? places.find(({ key }) => key === event.key) : undefined
      return place === undefined ? null : () => actions.go(place.to)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [places, actions])
}

const isWriting = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && (target.closest(WRITES) !== null || target.closest('[role="dialog"]') !== null)
