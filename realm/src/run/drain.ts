// Waiting until a handler has done all that it can do with what it was handed.

/**
 * Resolves when the microtask queue has run empty: every promise that could settle has settled. `nextTick` callbacks that are
 * scheduled from a microtask run only after the last microtask, which is what makes this exact. It does not let the event
 * loop turn, so nothing from outside can come in between.
 */
export const drained = (): Promise<void> =>
  new Promise((resolve) => {
    queueMicrotask(() => process.nextTick(resolve))
  })

/** Lets the event loop turn once. */
export const turned = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
