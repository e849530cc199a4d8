// One execution as it is now: its log is followed, and what it comes to is asked for again when something came.

import { type Execution, isFinal } from '@biplane/protocol'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'

/** What no event tells: the place in a queue. */
const ASK_EVERY_MS = 5_000

export function useExecution(executionId: string) {
  const { client, tenantId } = useBiplane()
  return useQuery({
    queryKey: ['execution', tenantId, executionId],
    queryFn: ({ signal }) => client.execution(executionId, { signal }),
    refetchInterval: ({ state }) => (state.data !== undefined && isFinal(state.data.status) ? false : ASK_EVERY_MS),
  })
}

/** Asks again after `what` has changed; as often as answers come, and at least once after the last change. */
export function useAskAgain(what: unknown, isFetching: boolean, ask: () => unknown): void {
  const asked = useRef(what)
  useEffect(() => {
    if (isFetching || asked.current === what) return
    asked.current = what
    ask()
  }, [what, isFetching, ask])
}

export interface Relation {
  label: string
  executionId: string
}

/** Where it comes from. */
export const useRelations = (execution: Execution): Relation[] =>
  useMemo(() => {
    const { parent_id, retry_of, fork_of, superseded_by } = execution
    const all: [string, string | undefined][] = [
      ['Child of', parent_id],
      ['Retry of', retry_of],
      ['Fork of', fork_of],
      ['Done instead', superseded_by],
    ]
    return all.flatMap(([label, executionId]) => (executionId === undefined ? [] : [{ label, executionId }]))
  }, [execution])
