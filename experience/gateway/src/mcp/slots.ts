// How many calls are under way, in all and of each tenant: one tenant's waiting calls must not keep out the others'.

import { ProblemError } from '@biplane/protocol'

import type { McpLimits } from './limits.ts'

export interface Slots {
  /** @throws ProblemError overloaded if too many are under way */
  hold<T>(tenant: string | undefined, work: () => Promise<T>): Promise<T>
  /** Resolves when no call is under way. */
  idle(): Promise<void>
}

export function createSlots({ callsMax, tenantCallsMax }: McpLimits): Slots {
  const held = new Map<string, number>()
  const waiting = new Set<() => void>()
  let all = 0

  function take(tenant: string): void {
    const ofTenant = held.get(tenant) ?? 0
    if (ofTenant >= tenantCallsMax) throw busy(`At most ${tenantCallsMax} calls of a tenant are under way at once.`)
    if (all >= callsMax) throw busy(`At most ${callsMax} calls are under way at once.`)
    all++
    held.set(tenant, ofTenant + 1)
  }

  function giveBack(tenant: string): void {
    all--
    const left = (held.get(tenant) ?? 1) - 1
    if (left === 0) held.delete(tenant)
    else held.set(tenant, left)
    if (all > 0) return
    for (const resolve of waiting) resolve()
    waiting.clear()
  }

  return {
    async hold(tenant = '', work) {
      take(tenant)
      try {
        return await work()
      } finally {
        giveBack(tenant)
      }
    },
    idle: () => (all === 0 ? Promise.resolve() : new Promise((resolve) => waiting.add(resolve))),
  }
}

const busy = (detail: string) => new ProblemError('overloaded', detail)
