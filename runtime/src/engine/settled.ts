/** Resolves when a promise has settled, however that went: for who waits beside the one that is told of an error. */
export const settled = (promise: Promise<unknown>): Promise<void> =>
  promise.then(
    () => {},
    () => {},
  )
