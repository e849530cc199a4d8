// A mash, from its proposal to its end, made of the log alone: a reload, or another tab, shows the same.

import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { useMay } from '../../../ui/connect/may.ts'
import { useLog } from '../../../ui/line/use-log.ts'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { Decide } from '../mash/decide.tsx'
import { End } from '../mash/end.tsx'
import { Phases } from '../mash/phases.tsx'
import { runInWords, workInWords } from '../run/run-words.ts'
import { type Run, runsOf } from '../run/run.ts'
import { errorOf } from '../work/kept-work.ts'
import { useWork, useWorkStore } from '../work/use-work.ts'

const route = getRouteApi('/mashes/$executionId')

/** The address is an execution's, or the intent's as long as no execution of it is known. */
export function MashPage() {
  const { executionId } = route.useParams()
  const store = useWorkStore()
  const { all } = useWork()
  const mine = all.find(({ work }) => work.intentId === executionId)
  const known = executionId.startsWith('exe_') ? executionId : (mine?.work.executionId ?? null)
  if (known !== null) return <Known executionId={known} />
  if (mine === undefined) return <Page title="This mash is not known here">{<Back />}</Page>
  return (
    <Page title={mine.work.name} lead={workInWords(mine)}>
      {mine.work.problem === null ? (
        <Phases run={null} />
      ) : (
        <Problem error={errorOf(mine.work.problem)} retry={() => store.again(mine.work)} />
      )}
    </Page>
  )
}

function Known({ executionId }: { executionId: string }) {
  const { client, tenantId } = useBiplane()
  const { data, error, refetch } = useQuery({
    queryKey: ['execution', tenantId, executionId],
    queryFn: ({ signal }) => client.execution(executionId, { signal }),
    staleTime: Infinity,
  })
  const log = useLog(data?.session_id ?? null)
  const run = runsOf(log.events, executionId).get(executionId) ?? null
  if (error !== null) {
    return (
      <Page title="This mash cannot be shown">
        <Problem error={error} retry={refetch}>
          <Back />
        </Problem>
      </Page>
    )
  }
  if (run === null) {
    return (
      <Page title="A mash">
        {log.error === null ? <Loading label="Reading its log" /> : <Problem error={log.error} />}
      </Page>
    )
  }
  return <Running run={run} />
}

function Running({ run }: { run: Run }) {
  const { client } = useBiplane()
  const mayOperate = useMay('execution:operate')
  const { execution, said, isCancelling } = run
  const name = (said['data_mash.initiated'] as { name?: string } | undefined)?.name ?? 'A new mash'
  const isOver = execution.ended_at !== undefined
  const cancel = () => void client.cancel(execution.execution_id, { reason: 'in Studio' }).catch(reportError)
  return (
    <Page
      title={name}
      lead={runInWords(run)}
      actions={
        !isOver &&
        mayOperate && (
          <Button variant="default" onClick={cancel} disabled={isCancelling}>
            Cancel
          </Button>
        )
      }
    >
      <End run={run} />
      <Decide run={run} />
      <Phases run={run} />
    </Page>
  )
}

const Back = () => (
  <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
    To your tables
  </Button>
)
