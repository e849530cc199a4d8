// A table: its rows, what its columns hold, and what was not understood.

import { Button, List, Text } from '@mantine/core'
import { IconArrowsJoin } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { type Content, contentOf, previewOf } from '../data/content.ts'
import { plural } from '../data/words.ts'
import { PageGrid } from '../grid/page-grid.tsx'
import { type Tab, Tabs } from '../grid/tabs.tsx'
import { ProfileOf } from '../table/profile.tsx'
import { Rejected } from '../table/rejected.tsx'

const route = getRouteApi('/tables/$contentId')

export function TablePage() {
  const { contentId } = route.useParams()
  const { tab = 'rows' } = route.useSearch()
  const { client, tenantId } = useBiplane()
  const { data: content, error, refetch } = useQuery(contentOf(client, tenantId, contentId))
  if (error !== null) {
    return (
      <Page title="This table cannot be shown">
        <Problem error={error} retry={refetch} />
      </Page>
    )
  }
  if (content === undefined) return <Loading label="Loading the table" lines={8} />
  const to = `/tables/${contentId}`
  const tabs: Tab[] = [
    { name: 'rows', label: 'Rows', to },
    { name: 'profile', label: 'Columns', to },
    { name: 'rejected', label: 'Rejected', to },
  ]
  return (
    <Page title={content.name} lead={leadOf(content)} width="full" actions={<MashWith contentId={contentId} />}>
      {content.warnings.length > 0 && (
        <List size="sm" mb="md">
          {content.warnings.map(({ code, message }) => (
            <List.Item key={`${code} ${message}`}>{message}</List.Item>
          ))}
        </List>
      )}
      <Tabs tabs={tabs} now={tab}>
        {tab === 'profile' && <ProfileOf contentId={contentId} />}
        {tab === 'rejected' && <Rejected content={content} />}
        {tab === 'rows' && <Rows content={content} />}
      </Tabs>
    </Page>
  )
}

function Rows({ content }: { content: Content }) {
  const { client, tenantId } = useBiplane()
  const { content_id, rows } = content
  if (rows.landed === 0) return <Text c="dimmed">It has a header and no rows.</Text>
  return (
    <PageGrid
      key={content_id}
      label={`Rows of ${content.name}`}
      total={rows.landed}
      cacheKey={[tenantId, content_id]}
      load={async (offset, limit, signal) => {
        const { row_numbers, ...page } = await previewOf(client, content_id, 'rows')(offset, limit, signal)
        return { ...page, rowNumbers: row_numbers }
      }}
    />
  )
}

function leadOf({ rows, rejected_cells, format, encoding }: Content): string {
  const rejected = [
    ...(rows.rejected > 0 ? [plural(rows.rejected, 'row')] : []),
    ...(rejected_cells > 0 ? [plural(rejected_cells, 'cell')] : []),
  ]
  const so = rejected.length === 0 ? 'all of them understood' : `${rejected.join(' and ')} rejected`
  return `${plural(rows.in, 'row')} came in, ${so}. ${format.toUpperCase()}, ${encoding}.`
}

const MashWith = ({ contentId }: { contentId: string }) => (
  <Button
    leftSection={<IconArrowsJoin size={18} aria-hidden />}
    renderRoot={(props) => <Link to="/mash" search={{ tables: contentId }} {...props} />}
  >
    Mash with others
  </Button>
)
