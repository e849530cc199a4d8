// Questions in SQL, over the product and the tables that it was made of.

import { Button, Code, Group, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { askProduct } from '../data/product.ts'
import { plural } from '../data/words.ts'
import { Grid } from '../grid/page-grid.tsx'

const ROWS_MAX = 1_000

export function Ask({ productId, tables }: { productId: string; tables: readonly string[] }) {
  const { client } = useBiplane()
  const [sql, setSql] = useState('SELECT * FROM data')
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (asked: string) => askProduct(client, productId, asked, ROWS_MAX),
  })
  const mayAsk = sql.trim() !== '' && !isPending
  return (
    <>
      <Textarea
        label="A question in SQL"
        description="One SELECT; Ctrl-Enter asks it."
        autosize
        minRows={3}
        value={sql}
        onChange={({ currentTarget }) => setSql(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && mayAsk) mutate(sql)
        }}
      />
      <Group gap="xs" my="sm">
        <Button onClick={() => mutate(sql)} loading={isPending} disabled={!mayAsk}>
          Ask
        </Button>
        <Text size="sm" c="dimmed">
          Tables:{' '}
          {tables.map((table) => (
            <Code key={table} mr={6}>
              {table}
            </Code>
          ))}
        </Text>
      </Group>
      {error !== null && <Problem error={error} retry={() => mutate(sql)} />}
      {data !== undefined && (
        <>
          <Text size="sm" c="dimmed" mb="xs" aria-live="polite">
            {data.truncated ? 'The first ' : ''}
            {plural(data.rows.length, 'row')}
            {data.truncated && '. There are more: ask for a sum of them, or say which with WHERE.'}
          </Text>
          <Grid label="The answer" page={data} />
        </>
      )}
    </>
  )
}
