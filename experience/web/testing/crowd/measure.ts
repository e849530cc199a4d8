// What is measured in the page: scripts as text, since they run there and not here.

export interface Measured {
  /** Tasks of more than 50 ms. */
  longTasksMs: number[]
  /** From each frame to the next. */
  framesMs: number[]
  /** From a key to the frame that shows what it did. */
  keysMs: number[]
}

/** Begins to measure. */
export const MEASURE = `(() => {
  const taken = { longTasksMs: [], framesMs: [], keysMs: [] }
  const observe = (type, take, options) => {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(take))
    observer.observe({ type, ...options })
    return observer
  }
  const observers = [
    observe('longtask', ({ duration }) => taken.longTasksMs.push(duration)),
    observe('event', ({ name, duration }) => name === 'keydown' && taken.keysMs.push(duration), { durationThreshold: 16 }),
  ]
  let last = performance.now()
  let isOn = true
  const frame = (now) => {
    taken.framesMs.push(now - last)
    last = now
    if (isOn) requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  globalThis.takeMeasured = () => {
    isOn = false
    observers.forEach((observer) => observer.disconnect())
    return taken
  }
})()`

/** Ends it, and answers what was measured. */
export const TAKE = 'globalThis.takeMeasured()'
