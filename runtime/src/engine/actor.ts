// Who did something to an execution, and why, as far as that is known.

export interface Actor {
  by?: string
  reason?: string
}

/** These fields alone, for an entry's data. */
export const actorOf = (actor: Actor | null): Actor => ({
  ...(actor?.by === undefined ? {} : { by: actor.by }),
  ...(actor?.reason === undefined ? {} : { reason: actor.reason }),
})
