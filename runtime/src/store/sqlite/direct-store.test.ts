import { storeConformance } from '../testing/conformance.ts'
import { DirectStore } from './direct-store.ts'

storeConformance('direct', async (clock) => {
  const store = new DirectStore(clock)
  return { store, [Symbol.asyncDispose]: () => store.close() }
})
