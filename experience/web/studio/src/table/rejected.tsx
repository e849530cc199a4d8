// What was not understood: rows that could not be split, and cells that are not of their column's type.

import { Text, Title } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Empty } from '../../../ui/show/empty.tsx'
import { type Content, previewOf } from '../data/content.ts'
import { plural, reasonInWords } from '../data/words.ts'
import { PageGrid } from '../grid/page-grid.tsx'

export function Rejected({ content }: { content: Content }) {
  const { rows, rejected_cells } = content
  if (rows.rejected === 0 && rejected_cells === 0) {
    return (
      <Empty icon={<IconCircleCheck size={28} />} title="Nothing was rejected">
        Every row and every cell was understood.
      </Empty>
    )
  }
  return (
    <>
      {rows.rejected > 0 && <Part content={content} view="rejected_rows" total={rows.rejected} />}
      {rejected_cells > 0 && <Part content={content} view="rejected_cells" total={rejected_cells} />}
    </>
  )
}

const ABOUT = {
  rejected_rows: { one: 'row', why: 'These records are not in the table.' },
  rejected_cells: { one: 'cell', why: 'Their rows are in the table, with nothing in these places.' },
}

function Part({ content, view, total }: { content: Content; view: keyof typeof ABOUT; total: number }) {
  const { client, tenantId } = useBiplane()
  const { one, why } = ABOUT[view]
  return (
    <section aria-label={`Rejected ${one}s`}>
      <Title order={2} size="h4" mt="md">
        {plural(total, one)}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {why}
      </Text>
      <PageGrid
        label={`Rejected ${one}s of ${content.name}`}
        total={total}
        cacheKey={[tenantId, content.content_id, view]}
        load={async (offset, limit, signal) => {
          const { columns, rows, row_numbers } = await previewOf(client, content.content_id, view)(
            offset,
            limit,
            signal,
          )
          const reason = columns.findIndex(({ name }) => name === 'reason')
          return {
            columns,
            rows: rows.map((row) => row.with(reason, reasonInWords(String(row[reason])))),
            rowNumbers: row_numbers,
          }
        }}
      />
    </section>
  )
}
