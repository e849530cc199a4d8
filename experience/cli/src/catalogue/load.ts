// What the gateway can do: as it is now, or for help and completion as it was.

import { BiplaneError } from '@biplane/client'
import { Capability } from '@biplane/protocol'

import { clientOf } from '../command.ts'
import type { Place } from '../place.ts'
import { type Saved, readSaved, save } from './cache.ts'

/** A person who asks for help, or presses the tab key, waits no longer for a gateway that may be away. */
const RECALL_MS_MAX = 1_000

export interface Known {
  capabilities: readonly Capability[]
  /** Null: as it is now. Else when it was so, RFC 3339. */
  saved: string | null
}

/** As it is now. @throws BiplaneError */
export async function loadCatalogue(place: Place): Promise<Known> {
  return fresh(place, await readSaved(place.url), undefined)
}

/** As it is now if the gateway answers soon, else as it was; null if that is not known. */
export async function recallCatalogue(place: Place): Promise<Known | null> {
  const saved = await readSaved(place.url)
  try {
    return await fresh(place, saved, AbortSignal.timeout(RECALL_MS_MAX))
  } catch (error) {
    if (!(error instanceof BiplaneError || error instanceof DOMException)) throw error
    return saved
  }
}

async function fresh(place: Place, saved: Saved | null, signal: AbortSignal | undefined): Promise<Known> {
  const client = signal === undefined ? clientOf(place) : clientOf(place, 0)
  const changed = await client.changedCapabilities(saved?.etag ?? null, { signal })
  const { capabilities, etag } = changed === null ? (saved as Saved) : { ...changed, capabilities: known(changed) }
  if (etag !== null) await save(place.url, { etag, capabilities })
  return { capabilities, saved: null }
}

/** What this program understands: commands are made of it, so it must be what it says. */
const known = ({ capabilities }: { capabilities: readonly unknown[] }): Capability[] =>
  capabilities.flatMap((one) => {
    const parsed = Capability.safeParse(one)
    return parsed.success ? [parsed.data] : []
  })
