// What the columns of a table hold and may mean.

import { Badge, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { type ColumnProfile, profileOf } from '../data/content.ts'
import { count, inWords, percent, plural, valueInWords } from '../data/words.ts'
import { Histogram } from './histogram.tsx'
import './profile.css'
import { TopValues } from './top-values.tsx'

/** Fewer columns are found by looking. */
const FIND_COLUMNS_MIN = 12

export function ProfileOf({ contentId }: { contentId: string }) {
  const { client, tenantId } = useBiplane()
  const { data, error, refetch } = useQuery(profileOf(client, tenantId, contentId))
  const [find, setFind] = useState('')
  if (error !== null) return <Problem error={error} retry={refetch} />
  if (data === undefined) return <Loading label="Loading the columns" lines={6} />
  const wanted = find.trim().toLowerCase()
  const columns = data.columns.filter(({ name }) => name.toLowerCase().includes(wanted))
  return (
    <>
      {data.columns.length >= FIND_COLUMNS_MIN && (
        <TextInput
          label={`Find one of ${plural(data.columns.length, 'column')}`}
          maw="20rem"
          mb="md"
          value={find}
          onChange={({ currentTarget }) => setFind(currentTarget.value)}
        />
      )}
      {columns.length === 0 && <Text c="dimmed">No column has this in its name.</Text>}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3, xl: 4 }}>
        {columns.map((column) => (
          <Column key={column.name} column={column} rows={data.rows} />
        ))}
      </SimpleGrid>
    </>
  )
}

function Column({ column, rows }: { column: ColumnProfile; rows: number }) {
  const { name, type, nulls, distinct, values, min, max, mean, histogram, meanings } = column
  return (
    <section className="profile" aria-label={name}>
      <h2 className="profile-name">
        {name} <span className="profile-type">{type}</span>
      </h2>
      <Text size="sm" c="dimmed">
        {distinct === values && distinct > 1 ? 'All values differ' : plural(distinct, 'different value')}
        {nulls > 0 && `, ${count(nulls)} of ${count(rows)} empty`}
        {mean !== null && `, ${valueInWords(mean)} on average`}
        {histogram.length === 0 && min !== null && max !== null && min !== max && (
          <>
            , from {valueInWords(min)} to {valueInWords(max)}
          </>
        )}
      </Text>
      {histogram.length > 0 ? <Histogram name={name} histogram={histogram} /> : <TopValues {...column} />}
      {meanings.map(({ meaning, score, evidence }) => (
        <Text key={meaning} size="sm">
          <Badge variant="outline" size="sm">
            {inWords(meaning)} {percent(score)}
          </Badge>{' '}
          {evidence}
        </Text>
      ))}
    </section>
  )
}
