// Which tables become one, and how: before anything is begun.

import { Button, Checkbox, Stack, TextInput } from '@mantine/core'
import { IconArrowsJoin } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'

import { useMay } from '../../../ui/connect/may.ts'
import { Page } from '../../../ui/show/page.tsx'
import { plural } from '../data/words.ts'
import { PastTables } from '../home/past-tables.tsx'
import { useWorkStore } from '../work/use-work.ts'

const TABLES_MIN = 2
const NAME_CHARS_MAX = 200
const route = getRouteApi('/mash')

export function NewMash() {
  const { tables = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const store = useWorkStore()
  const mayBegin = useMay('intent:submit')
  const [name, setName] = useState('')
  const [review, setReview] = useState(true)
  const chosen = tables.split(',').filter((id) => id !== '')
  const choose = (ids: readonly string[]) => {
    const search = ids.length === 0 ? {} : { tables: ids.join(',') }
    navigate({ search, replace: true, resetScroll: false }).catch(reportError)
  }
  const begin = () => {
    const wish = { content_ids: chosen, review, ...(name.trim() === '' ? {} : { name: name.trim() }) }
    const executionId = store.addMash(name.trim() === '' ? 'A new mash' : name.trim(), wish)
    navigate({ to: '/mashes/$executionId', params: { executionId } }).catch(reportError)
  }
  return (
    <Page
      title="Make one table of several"
      lead="Choose tables that have something to do with each other. How they belong together is found out."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          begin()
        }}
      >
        <Stack gap="md" maw="40rem" mb="xl">
          <TextInput
            label="Name of the new table"
            description="Without one it is called after its tables."
            maxLength={NAME_CHARS_MAX}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Checkbox
            label="Show me what is proposed before the table is made"
            checked={review}
            onChange={({ currentTarget }) => setReview(currentTarget.checked)}
          />
          <Button
            type="submit"
            w="max-content"
            leftSection={<IconArrowsJoin size={18} aria-hidden />}
            disabled={chosen.length < TABLES_MIN || !mayBegin}
          >
            {chosen.length < TABLES_MIN ? 'Choose at least two tables' : `Mash ${plural(chosen.length, 'table')}`}
          </Button>
        </Stack>
      </form>
      <PastTables find="" chosen={chosen} onChoose={choose} />
    </Page>
  )
}
