// The stores that a simulation can run on: both answer in the next microtask, and without threads.

import { DirectStore } from '@biplane/runtime/direct-store'
import { MemoryStore } from '@biplane/runtime/memory-store'

import type { OpenStore } from './simulate.ts'

export const STORES = {
  memory: (clock) => new MemoryStore(clock),
  sqlite: (clock) => new DirectStore(clock),
} satisfies Record<string, OpenStore>

export type StoreName = keyof typeof STORES
