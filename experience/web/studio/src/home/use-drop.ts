// Files that are dropped anywhere on the page, or pasted where nobody writes.

import { useEffect, useState } from 'react'

import { type Dropped, droppedFiles, pastedFiles } from '../work/dropped-files.ts'

const WRITES = 'input, textarea, [contenteditable="true"]'

/** Answers whether something is held over the page. */
export function useDrop(onDropped: (dropped: Dropped) => void): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    // Of every element that is entered and left one is told; only where both are equal the page is left.
    let depth = 0
    const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') === true
    const enter = (event: DragEvent) => {
      if (hasFiles(event)) setOver(++depth > 0)
    }
    const leave = (event: DragEvent) => {
      if (hasFiles(event)) setOver(--depth > 0)
    }
    const over = (event: DragEvent) => {
      if (hasFiles(event)) event.preventDefault()
    }
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || event.dataTransfer === null) return
      event.preventDefault()
      depth = 0
      setOver(false)
      droppedFiles(event.dataTransfer).then(onDropped).catch(reportError)
    }
    const paste = ({ clipboardData, target }: ClipboardEvent) => {
      if (clipboardData === null || (target instanceof Element && target.closest(WRITES) !== null)) return
      const files = pastedFiles(clipboardData)
      if (files !== null) onDropped({ files, left: 0 })
    }
    const told = { dragenter: enter, dragleave: leave, dragover: over, drop, paste } as const
    const entries = Object.entries(told) as [string, EventListener][]
    for (const [name, hear] of entries) window.addEventListener(name, hear)
    return () => {
      for (const [name, hear] of entries) window.removeEventListener(name, hear)
    }
  }, [onDropped])
  return isOver
}
