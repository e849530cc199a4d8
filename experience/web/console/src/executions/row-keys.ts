// `j` and `k` go through the rows of a list as the arrow keys would; the focus is on the link of a row, so Enter opens it.

import { type RefObject, useEffect, useRef } from 'react'

const STEPS: Partial<Record<string, 1 | -1>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }
const WRITES = 'input, textarea, select, [role="dialog"], [role="listbox"]'
/** A row that was out of view is drawn within some frames. */
const FRAMES_MAX = 10

/** Rows have `data-row` with their place on what takes the focus. */
export function useRowKeys(box: RefObject<HTMLElement | null>, show: (index: number) => void, count: number): void {
  const now = useRef({ show, count })
  useEffect(() => {
    now.current = { show, count }
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = STEPS[event.key]
      const { target } = event
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
      if (!(target instanceof Element) || target.closest(WRITES) !== null) return
      const isInside = box.current?.contains(target) ?? false
      if (event.key.startsWith('Arrow') && !isInside) return
      const at = isInside ? Number((target as HTMLElement).dataset['row'] ?? -1) : -1
      const next = Math.max(0, Math.min(now.current.count - 1, at + step))
      event.preventDefault()
      now.current.show(next)
      focusRow(box, next, FRAMES_MAX)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [box])
}

function focusRow(box: RefObject<HTMLElement | null>, index: number, frames: number): void {
  const row = box.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)
  if (row) row.focus({ preventScroll: true })
  else if (frames > 0) requestAnimationFrame(() => focusRow(box, index, frames - 1))
}
