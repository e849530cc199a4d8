// What is there already, what is under way, and the way to bring more: all of the page takes files.

import { SegmentedControl, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useCallback, useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { useMay } from '../../../ui/connect/may.ts'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { contentsOf } from '../data/content.ts'
import { Bring } from '../home/bring.tsx'
import { DemoRun } from '../home/demo-run.tsx'
import { LeftOut } from '../home/left-out.tsx'
import { PastProducts } from '../home/past-products.tsx'
import { ChosenBar, PastTables } from '../home/past-tables.tsx'
import { UnderWay } from '../home/under-way.tsx'
import { useDrop } from '../home/use-drop.ts'
import { type Dropped, chosenFiles } from '../work/dropped-files.ts'
import { useWork, useWorkStore } from '../work/use-work.ts'

const TYPED_MS = 200
const route = getRouteApi('/')

export function Home() {
  const { client, tenantId } = useBiplane()
  const mayBring = useMay('intent:submit')
  const store = useWorkStore()
  const { kept, all, logError } = useWork()
  const [left, setLeft] = useState(0)
  const { show, find = '' } = route.useSearch()
  const { data } = useInfiniteQuery(contentsOf(client, tenantId, ''))
  const isFirst = data?.pages[0]?.contents.length === 0 && all.length === 0
  const bring = useCallback(
    (dropped: Dropped) => {
      setLeft(dropped.left)
      store.addFiles(dropped.files)
    },
    [store],
  )
  const isOver = useDrop(bring) && mayBring
  return (
    <Page title="Your data" lead="Files that came in, and what was made of them.">
      {mayBring && (
        <Bring
          isOver={isOver}
          onFiles={(files) => void chosenFiles(files).then(bring).catch(reportError)}
          onTry={isFirst ? store.addDemo : null}
        />
      )}
      <LeftOut count={left} />
      <DemoRun demo={kept.demo} all={all} />
      {logError !== null && <Problem error={logError} />}
      <UnderWay all={all} />
      {!(isFirst && show === undefined && mayBring && find === '') && <Past show={show} find={find} />}
    </Page>
  )
}

function Past({ show, find }: { show: 'products' | undefined; find: string }) {
  const navigate = route.useNavigate()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const go = (next: { show?: 'products' | undefined; find?: string | undefined }) => {
    const { show: shown, find: sought } = { show, find, ...next }
    const search = { ...(shown && { show: shown }), ...(sought ? { find: sought } : {}) }
    navigate({ search, replace: true, resetScroll: false }).catch(reportError)
  }
  const seek = useDebouncedCallback((text: string) => go({ find: text.trim() }), TYPED_MS)
  return (
    <section aria-label="What is there">
      <div className="past-head">
        <SegmentedControl
          aria-label="Show"
          data={[
            { value: 'tables', label: 'Tables' },
            { value: 'products', label: 'Products' },
          ]}
          value={show ?? 'tables'}
          onChange={(value) => go({ show: value === 'products' ? value : undefined })}
        />
        <TextInput
          aria-label={`Find ${show ?? 'tables'} by name`}
          placeholder="Find by name"
          leftSection={<IconSearch size={16} aria-hidden />}
          defaultValue={find}
          onChange={({ currentTarget }) => seek(currentTarget.value)}
        />
      </div>
      {show === 'products' ? (
        <PastProducts find={find} />
      ) : (
        <PastTables find={find} chosen={chosen} onChoose={setChosen} />
      )}
      <ChosenBar chosen={chosen} onClear={() => setChosen([])} />
    </section>
  )
}
