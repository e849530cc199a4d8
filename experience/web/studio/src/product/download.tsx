// A product as a file: Parquet, which it is, or CSV, which is written when somebody wants it.

import { Button, Group, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { useMay } from '../../../ui/connect/may.ts'
import { Problem } from '../../../ui/show/problem.tsx'
import { type Product, csvOf } from '../data/product.ts'
import { bytesInWords } from '../data/words.ts'
import { fetchFile, save } from './save.ts'

type Format = 'csv' | 'parquet'

export function Download({ product: { product_id, name, artifacts } }: { product: Product['product'] }) {
  const { client, tenantId } = useBiplane()
  const queries = useQueryClient()
  // To write it is work that somebody must be allowed to begin.
  const mayWrite = useMay('intent:submit')
  const [doing, setDoing] = useState('')
  const { mutate, variables, isPending, error } = useMutation({
    mutationFn: async (format: Format) => {
      if (format === 'csv') setDoing('Writing the rows …')
      const file = format === 'csv' ? await queries.query(csvOf(client, tenantId, product_id)) : artifacts.product
      save(await fetchFile(client, file, (got, size) => setDoing(gotInWords(got, size))), `${name}.${format}`)
    },
    onSettled: () => setDoing(''),
  })
  const button = (format: Format, label: string) => (
    <Button
      variant="default"
      leftSection={<IconDownload size={18} aria-hidden />}
      loading={isPending && variables === format}
      disabled={isPending}
      onClick={() => mutate(format)}
    >
      {label}
    </Button>
  )
  return (
    <div>
      <Group gap="xs">
        {mayWrite && button('csv', 'Download CSV')}
        {button('parquet', 'Download Parquet')}
      </Group>
      <Text size="sm" c="dimmed" mt={4} aria-live="polite">
        {doing}
      </Text>
      {error !== null && variables !== undefined && <Problem error={error} retry={() => mutate(variables)} />}
    </div>
  )
}

const gotInWords = (got: number, size: number | null): string =>
  size === null ? `${bytesInWords(got)} …` : `${bytesInWords(got)} of ${bytesInWords(size)}`
