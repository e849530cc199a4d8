// Words that change as time goes on. One clock for all of them, and only those that read differently now are drawn again.

import { useSyncExternalStore } from 'react'

const TICK_MS = 1_000

const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function listen(tell: () => void): () => void {
  listeners.add(tell)
  timer ??= setInterval(() => listeners.forEach((one) => one()), TICK_MS)
  return () => {
    listeners.delete(tell)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

export const useWords = (wordsAt: (nowMs: number) => string): string =>
  useSyncExternalStore(listen, () => wordsAt(Date.now()))
