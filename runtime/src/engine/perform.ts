import type { EngineParts, Watch } from './ports.ts'

/** Runs bodies as they are, and says which one is running until it returns or first waits. */
export const performIn =
  (watch: Watch): EngineParts['perform'] =>
  (ask, context, { intent_type }) => {
    watch.enter(`${intent_type} step ${ask.name}`)
    try {
      return ask.body(context)
    } finally {
      watch.leave()
    }
  }
