// Room that tenants share. Who fills it is refused before it is full: of most of it a tenant may have so many times as much as is
// still free there, and the rest is for tenants that have little. So one alone gets two thirds of all, several that take all they
// can share four fifths, and whoever comes next still finds room.

import type { TenantId } from '@biplane/protocol'

import { TenantCounts } from './tenant-counts.ts'

const COMMON_PART = 4 / 5
const TIMES_THE_FREE = 5
const LITTLE_PART = 1 / 100

/** The room in which one tenant alone may have `alone`. */
export const roomFor = (alone: number): number =>
  Math.ceil((alone * (TIMES_THE_FREE + 1)) / TIMES_THE_FREE / COMMON_PART)

export class FairShare {
  readonly #room: number
  readonly #taken = new TenantCounts()

  constructor(room: number) {
    this.#room = room
  }

  get taken(): number {
    return this.#taken.total
  }

  hasRoom(tenant: TenantId): boolean {
    const { total } = this.#taken
    const has = this.#taken.of(tenant)
    const free = Math.floor(this.#room * COMMON_PART) - total
    return has < TIMES_THE_FREE * free || (has < this.#room * LITTLE_PART && total < this.#room)
  }

  /** Whether there is room or not: what has begun goes on. */
  enter(tenant: TenantId): void {
    this.#taken.add(tenant)
  }

  leave(tenant: TenantId): void {
    this.#taken.add(tenant, -1)
  }
}
