// What the runtime can do, as it was last asked.

import type { Client } from '@biplane/client'
import { queryOptions } from '@tanstack/react-query'

/** It changes when somebody deploys. */
const FRESH_MS = 60_000

export const catalogueOf = (client: Client, tenantId: string) =>
  queryOptions({
    queryKey: ['catalogue', tenantId],
    queryFn: ({ signal }) => client.capabilities({ signal }),
    staleTime: FRESH_MS,
  })
