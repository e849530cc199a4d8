// One client per tab, for whoever is at it. Pages have it by useBiplane(), and never make another.

import type { Client } from '@biplane/client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, createContext, use, useMemo, useState } from 'react'

import { Loading } from '../show/loading.tsx'
import { Gate } from './gate.tsx'
import { type Who, askWho, clientFor } from './who.ts'

export interface Biplane {
  client: Client
  who: Who
  tenantId: string
  /** Ask again who it is: after a key was given, or another tenant was chosen. */
  again: () => void
}

/** A session is renewed when it is asked for (docs/protocol.md, "At a gateway"). */
const ASK_AGAIN_MS = 10 * 60_000

const Context = createContext<Biplane | null>(null)

export function useBiplane(): Biplane {
  const biplane = use(Context)
  if (biplane === null) throw new Error('useBiplane() outside of BiplaneProvider')
  return biplane
}

export function BiplaneProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient()
  // Who it is may be the same as before, and the tenant or the key another.
  const [turn, setTurn] = useState(0)
  const {
    data: who,
    error,
    refetch,
  } = useQuery({
    queryKey: ['who'],
    queryFn: ({ signal }) => askWho(signal),
    refetchInterval: ASK_AGAIN_MS,
  })
  const biplane = useMemo(() => {
    if (who === undefined) return null
    // What was loaded for one tenant is never shown to another.
    const again = () => {
      setTurn(turn + 1)
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'who' })
      queries.invalidateQueries({ queryKey: ['who'] }).catch(reportError)
    }
    return { ...clientFor(who), who, again }
  }, [who, queries, turn])
  const isRefused = error !== null && 'code' in error && error.code === 'unauthenticated'
  if (biplane !== null && !isRefused) return <Context value={biplane}>{children}</Context>
  if (error !== null) return <Gate error={error} onDone={() => (setTurn(turn + 1), refetch())} />
  return <Loading label="Connecting" />
}
