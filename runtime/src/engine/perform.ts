import type { EngineParts, Watch } from './ports.ts'

/** Runs bodies as they are, and says which one is running until it returns or first waits. */
export const performIn = (watch: Watch): Required<Pick<EngineParts, 'perform' | 'performUndo'>> => ({
  perform: (ask, context, { intent_type }) =>
    watched(watch, `${intent_type} step ${ask.name}`, () => ask.body(context)),
  performUndo: (ask, undo, { intent_type }) =>
    watched(watch, `${intent_type} undo of ${ask.name}`, () => ask.options.undo?.(undo)),
})

function watched(watch: Watch, what: string, body: () => unknown): unknown {
  watch.enter(what)
  try {
    return body()
  } finally {
    watch.leave()
  }
}
