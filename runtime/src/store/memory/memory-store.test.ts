import { storeConformance } from '../testing/conformance.ts'
import { MemoryStore } from './memory-store.ts'

storeConformance('memory', async (clock) => {
  const store = new MemoryStore(clock)
  return { store, [Symbol.asyncDispose]: () => store.close() }
})
