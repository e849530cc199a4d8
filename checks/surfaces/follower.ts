// Somebody who follows a session at a surface, whatever becomes of it: when it is gone they come back until it is there again, and
// go on behind the last event that they saw.

import { setTimeout as pause } from 'node:timers/promises'

import { until } from '@biplane/client/testing'
import type { Event } from '@biplane/protocol'

import type { Completed, Surface } from './surface.ts'

const AGAIN_MS = 50
const READS_MAX = 1_000
const START = '-1'

type Readable = Pick<Surface, 'name' | 'read'>

export class Follower {
  /** Every event that was shown, in the order it was. */
  readonly seen: Event[] = []
  /** The places from which it was read: more than the start only if the surface was gone in between. */
  readonly from = new Set<string>()
  #hasLeft = false
  #following: Promise<void>

  constructor(surface: Readable, session_id: string) {
    this.#following = this.#follow(surface, session_id)
  }
}
