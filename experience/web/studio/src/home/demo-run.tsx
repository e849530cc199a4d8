// The guided first run: two example files come in, and as soon as both are tables they are mashed, up to where a person decides.

import { Alert, List } from '@mantine/core'
import { IconSparkles } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'

import type { Kept } from '../work/kept-work.ts'
import { type WorkDone, useWorkStore } from '../work/use-work.ts'

export function DemoRun({ demo, all }: { demo: Kept['demo']; all: readonly WorkDone[] }) {
  const store = useWorkStore()
  const navigate = useNavigate()
  const tables = demo?.mash === null ? tablesOf(demo.uploads, all) : null
  const key = tables?.join(',')
  useEffect(() => {
    if (key === undefined) return
    const executionId = store.mashDemo(key.split(','))
    navigate({ to: '/mashes/$executionId', params: { executionId } }).catch(reportError)
  }, [key, store, navigate])
  if (demo === null || demo.mash !== null) return null
  return (
    <Alert mt="lg" icon={<IconSparkles aria-hidden />} title="Two files that do not match, on their way to one table">
      <List size="sm" type="ordered">
        <List.Item>
          <b>orders.csv</b> is in Latin-1, with semicolons and decimal commas, ragged rows and broken cells.
        </List.Item>
        <List.Item>
          <b>customers.csv</b> is in UTF-8, and some of its ids occur twice.
        </List.Item>
        <List.Item>When both are tables, you see how they belong together, and decide.</List.Item>
      </List>
    </Alert>
  )
}

/** Null before all of them are tables. */
function tablesOf(uploads: readonly string[], all: readonly WorkDone[]): string[] | null {
  const ids = uploads.map((upload) => {
    const result = all.find(({ work }) => work.intentId === upload)?.run?.execution.result
    return (result as { content_id?: string } | null | undefined)?.content_id
  })
  return ids.every((id) => id !== undefined) ? ids : null
}
