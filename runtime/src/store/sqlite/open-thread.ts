import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Sources run as they are in this repository, and as JavaScript once they are packed. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js'

/** Starts one of the threads beside this file. Resolves with its first message, or rejects with what stopped it before. */
export async function openThread<First>(
  name: 'reader' | 'writer',
  workerData: object,
): Promise<{ worker: Worker; first: First }> {
  const worker = new Worker(new URL(`./${name}-thread.${EXTENSION}`, import.meta.url), {
    workerData,
    name: `store ${name}`,
  })
  const [first] = (await once(worker, 'message')) as [First]
  return { worker, first }
}
