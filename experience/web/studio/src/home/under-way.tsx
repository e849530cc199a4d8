// What this tab has asked for, newest first, and what others have under way.

import { Button, Text, Title, VisuallyHidden } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { useMay } from '../../../ui/connect/may.ts'
import { plural } from '../data/words.ts'
import type { WorkDone } from '../work/use-work.ts'
import { useWorkStore } from '../work/use-work.ts'
import { OthersWork } from './others-work.tsx'
import './under-way.css'
import { WorkRow } from './work-row.tsx'

export function UnderWay({ all }: { all: readonly WorkDone[] }) {
  const store = useWorkStore()
  const { client } = useBiplane()
  const mayCancel = useMay('execution:operate')
  const over = all.filter(({ work, run }) => work.stage === 'failed' || run?.execution.ended_at !== undefined)
  useListsAnew(over.length)
  const cancel = ({ work }: WorkDone) => {
    if (work.executionId === null) return store.giveUp(work)
    client.cancel(work.executionId).catch(reportError)
  }
  const mine = all.length > 0 && (
    <>
      <ol className="works" aria-label="Asked for in this tab">
        {[...all].reverse().map((done) => (
          <WorkRow
            key={done.work.intentId}
            done={done}
            onCancel={done.work.executionId === null || mayCancel ? () => cancel(done) : null}
            onAgain={() => store.again(done.work)}
            onForget={() => store.forget([done.work.intentId])}
          />
        ))}
      </ol>
      {over.length > 1 && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          onClick={() => store.forget(over.map(({ work }) => work.intentId))}
        >
          Put away what is over
        </Button>
      )}
    </>
  )
  return (
    <>
      <VisuallyHidden role="status">{all.length > 0 && summaryOf(all, over)}</VisuallyHidden>
      {mine !== false && (
        <section className="under-way" aria-labelledby="under-way">
          <Title order={2} size="h5" id="under-way">
            Under way{' '}
            <Text span c="dimmed" size="sm" fw={400} aria-hidden>
              {summaryOf(all, over)}
            </Text>
          </Title>
          {mine}
        </section>
      )}
      <OthersWork mine={all.map(({ work }) => work.intentId)} />
    </>
  )
}

const summaryOf = (all: readonly WorkDone[], over: readonly WorkDone[]): string =>
  over.length === all.length ? `${plural(all.length, 'thing')}, all over` : `${over.length} of ${all.length} are over`

/** What has ended may have made a table or a product. */
function useListsAnew(ended: number): void {
  const queries = useQueryClient()
  const { tenantId } = useBiplane()
  useEffect(() => {
    if (ended === 0) return
    for (const list of ['contents', 'products']) {
      queries.invalidateQueries({ queryKey: [list, tenantId] }).catch(reportError)
    }
  }, [ended, queries, tenantId])
}
