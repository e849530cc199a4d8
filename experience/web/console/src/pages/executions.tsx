// What runs and what ran, newest first, as it changes.

import { IconActivity } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Empty } from '../../../ui/show/empty.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { ExecutionsTable } from '../executions/executions-table.tsx'
import { FilterBar } from '../executions/filter-bar.tsx'
import { type Filter, isNarrowed } from '../executions/filter.ts'
import { useExecutions } from '../executions/use-executions.ts'

const route = getRouteApi('/')

export function Executions() {
  const filter: Filter = route.useSearch()
  const navigate = route.useNavigate()
  const executions = useExecutions(filter)
  const { rows, error, retry } = executions
  const change = (search: Filter) => void navigate({ search, replace: true }).catch(reportError)
  return (
    <Page title="Executions" lead="What runs and what ran, newest first." width="full">
      <FilterBar filter={filter} onChange={change} />
      {error !== null && rows === null && <Problem error={error} retry={retry} />}
      {rows === null && error === null && <Loading label="Loading the executions" />}
      {rows?.items.length === 0 && <Nothing isNarrowed={isNarrowed(filter)} />}
      {rows !== null && rows.items.length > 0 && (
        <ExecutionsTable key={JSON.stringify(filter)} executions={executions} />
      )}
    </Page>
  )
}

function Nothing({ isNarrowed }: { isNarrowed: boolean }) {
  const { tenantId } = useBiplane()
  const icon = <IconActivity size={28} />
  if (isNarrowed) {
    return (
      <Empty icon={icon} title="None is like that now">
        As soon as one is, it is here. Narrow the list less to see others.
      </Empty>
    )
  }
  return (
    <Empty icon={icon} title="Nothing has run yet">
      As soon as somebody of {tenantId} submits an intent, its execution is here: <code>npm run demo</code> makes some,
      and what can be submitted is under Capabilities.
    </Empty>
  )
}
