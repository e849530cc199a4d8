// What the columns of a table hold and may mean.

import { Badge, SimpleGrid, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { type ColumnProfile, profileOf } from '../data/content.ts'
import { count, inWords, percent, plural } from '../data/words.ts'
import './profile.css'

const TOP_SHOWN = 5

export function ProfileOf({ contentId }: { contentId: string }) {
  const { client, tenantId } = useBiplane()
  const { data, error, refetch } = useQuery(profileOf(client, tenantId, contentId))
  if (error !== null) return <Problem error={error} retry={refetch} />
  if (data === undefined) return <Loading label="Loading the columns" lines={6} />
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3, xl: 4 }}>
      {data.columns.map((column) => (
        <Column key={column.name} column={column} rows={data.rows} />
      ))}
    </SimpleGrid>
  )
}

function Column({ column, rows }: { column: ColumnProfile; rows: number }) {
  const { name, type, nulls, distinct, min, max, histogram, top, meanings } = column
  return (
    <section className="profile" aria-label={name}>
      <h2 className="profile-name">
        {name} <span className="profile-type">{type}</span>
      </h2>
      <Text size="sm" c="dimmed">
        {plural(distinct, 'different value')}
        {nulls > 0 && `, ${count(nulls)} of ${count(rows)} empty`}
        {min !== null && max !== null && `, from ${String(min)} to ${String(max)}`}
      </Text>
      {histogram.length > 0 ? (
        <Bars
          bars={histogram.map(({ from, to, count: many }) => ({ label: `${String(from)} to ${String(to)}`, many }))}
        />
      ) : (
        <Bars bars={top.slice(0, TOP_SHOWN).map(({ value, count: many }) => ({ label: String(value), many }))} />
      )}
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

function Bars({ bars }: { bars: readonly { label: string; many: number }[] }) {
  const most = Math.max(1, ...bars.map(({ many }) => many))
  const words = bars.map(({ label, many }) => `${label}: ${count(many)}`).join('; ')
  return (
    <div className="bars" role="img" aria-label={words}>
      {bars.map(({ label, many }) => (
        <span
          key={label}
          title={`${label}: ${count(many)}`}
          style={{ height: `${Math.max(4, (many / most) * 100)}%` }}
        />
      ))}
    </div>
  )
}
