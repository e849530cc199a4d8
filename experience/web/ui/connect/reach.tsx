// Asks from time to time whether the runtime is there, so that the sign at the bottom knows even where nothing is followed.

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'

import { setReach } from '../line/line-store.ts'

const ASK_EVERY_MS = 10_000
/** While something is wrong. */
const ASK_AGAIN_MS = 2_000

/** Ask now: something failed. */
export const REACH = ['who', 'reach']

const isHere = (reach: string | undefined): boolean => reach === undefined || reach === 'here'

/** Of what the gateway asks the runtime for each time; nobody must be known for it. Never fails: silence is an answer, too. */
const askReach = (): Promise<'here' | 'away' | 'offline'> =>
  fetch('/v1/capabilities', { method: 'HEAD' }).then(
    ({ ok }) => (ok ? 'here' : 'away'),
    () => 'offline',
  )

/** `onBack`: the server can be asked again, after it could not. */
export function useReach(onBack: () => void): void {
  const { data: reach } = useQuery({
    queryKey: REACH,
    queryFn: askReach,
    networkMode: 'always',
    refetchInterval: ({ state }) => (isHere(state.data) ? ASK_EVERY_MS : ASK_AGAIN_MS),
  })
  useEffect(() => {
    if (reach === undefined) return
    setReach(reach)
    if (isHere(reach)) return
    return onBack
  }, [reach, onBack])
}
