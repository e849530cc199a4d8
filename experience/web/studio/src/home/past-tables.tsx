// The tables that are there, to look at or to choose for a mash.

import { Button, Checkbox, Text } from '@mantine/core'
import { IconTable } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Ago } from '../../../ui/show/ago.tsx'
import { Empty } from '../../../ui/show/empty.tsx'
import { type ContentItem, contentsOf } from '../data/content.ts'
import { plural } from '../data/words.ts'
import { PastList, PastRow } from './past-list.tsx'

export interface PastTablesProps {
  find: string
  /** Ids of tables, in the order in which they were chosen. */
  chosen: readonly string[]
  onChoose: (chosen: readonly string[]) => void
}

export function PastTables({ find, chosen, onChoose }: PastTablesProps) {
  const { client, tenantId } = useBiplane()
  const query = useInfiniteQuery(contentsOf(client, tenantId, find))
  const toggle = (id: string) => onChoose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
  return (
    <PastList
      query={query}
      items={query.data?.pages.flatMap(({ contents }) => contents)}
      label="tables"
      empty={find === '' ? <NoTables /> : <Text c="dimmed">No table is called “{find}”. Try fewer letters.</Text>}
    >
      {(content) => (
        <PastRow
          key={content.content_id}
          mark={
            <Checkbox
              className="past-mark"
              aria-label={`Choose ${content.name}`}
              checked={chosen.includes(content.content_id)}
              onChange={() => toggle(content.content_id)}
            />
          }
          name={
            <Link to="/tables/$contentId" params={{ contentId: content.content_id }} title={content.name}>
              {content.name}
            </Link>
          }
          about={aboutOf(content)}
          when={content.created_at !== null && <Ago time={content.created_at} />}
        />
      )}
    </PastList>
  )
}

function aboutOf({ rows, rejected_cells }: ContentItem): string {
  const rejected = [
    ...(rows.rejected > 0 ? [plural(rows.rejected, 'row')] : []),
    ...(rejected_cells > 0 ? [plural(rejected_cells, 'cell')] : []),
  ]
  return [plural(rows.landed, 'row'), ...(rejected.length > 0 ? [`${rejected.join(' and ')} rejected`] : [])].join(', ')
}

const NoTables = () => (
  <Empty icon={<IconTable size={28} />} title="No tables yet">
    Every file that you bring becomes a table that accounts for every record of it: those that fit, and those that do
    not, with the reason.
  </Empty>
)

/** What can be done with the chosen ones, in sight as long as any is chosen. */
export const ChosenBar = ({ chosen, onClear }: { chosen: readonly string[]; onClear: () => void }) =>
  chosen.length === 0 ? null : (
    <div className="chosen" role="region" aria-label="Chosen tables">
      <Text span fw={550}>
        {plural(chosen.length, 'table')} chosen
      </Text>
      <Button size="sm" renderRoot={(props) => <Link to="/mash" search={{ tables: chosen.join(',') }} {...props} />}>
        {chosen.length === 1 ? 'Mash it with another' : 'Mash them'}
      </Button>
      <Button size="sm" variant="subtle" color="gray" onClick={onClear}>
        Choose none
      </Button>
    </div>
  )
