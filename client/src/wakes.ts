// When lines should be looked at: the page is seen again, the network is back, or the clock has jumped, because a machine that
// sleeps runs no timers and closes no connection.

import type { Change, Surroundings } from './surroundings.ts'

const LOOK_EVERY_MS = 5_000
/** Above what a hidden page's timers are held back, which is a minute. */
const JUMP_MS_MIN = 75_000
const UNSEEN_AFTER_MS = 300_000

type Target = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>
export type Page = Target & { visibilityState: string }

/** Listens while there is somebody to tell. */
export function createWakes(
  now: () => number,
  target: Partial<Target>,
  page: () => Page | undefined,
): Surroundings['onChange'] {
  const ears = new Set<(change: Change) => void>()
  let stop = () => {}
  const tell = (change: Change) => ears.forEach((hear) => hear(change))
  return (hear) => {
    if (ears.size === 0) stop = joined([watchClock(now, tell), watchNetwork(target, tell), watchPage(page(), tell)])
    // Each listens for itself, also if two give the same function.
    const own = (change: Change) => hear(change)
    ears.add(own)
    return () => {
      if (ears.delete(own) && ears.size === 0) stop()
    }
  }
}

export function watchClock(now: () => number, tell: (change: Change) => void, everyMs = LOOK_EVERY_MS): () => void {
  let last = now()
  const timer = setInterval(() => {
    const passed = now() - last
    last += passed
    if (passed > JUMP_MS_MIN) tell('woke')
  }, everyMs)
  // It keeps no program alive.
  ;(timer as { unref?: () => void }).unref?.()
  return () => clearInterval(timer)
}

function watchNetwork(target: Partial<Target>, tell: (change: Change) => void): () => void {
  const onOnline = () => tell('online')
  target.addEventListener?.('online', onOnline)
  return () => target.removeEventListener?.('online', onOnline)
}

export function watchPage(
  page: Page | undefined,
  tell: (change: Change) => void,
  unseenAfterMs = UNSEEN_AFTER_MS,
): () => void {
  let unseen: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    clearTimeout(unseen)
    if (page?.visibilityState === 'hidden') unseen = setTimeout(() => tell('unseen'), unseenAfterMs)
  }
  const onVisibility = () => {
    look()
    if (page?.visibilityState !== 'hidden') tell('seen')
  }
  look()
  page?.addEventListener('visibilitychange', onVisibility)
  return () => {
    clearTimeout(unseen)
    page?.removeEventListener('visibilitychange', onVisibility)
  }
}

const joined = (stops: (() => void)[]) => () => stops.forEach((each) => each())
