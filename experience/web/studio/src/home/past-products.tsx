// The products that are there: tables that were made of tables.

import { Button, Text } from '@mantine/core'
import { IconArrowsJoin } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Ago } from '../../../ui/show/ago.tsx'
import { Empty } from '../../../ui/show/empty.tsx'
import { productsOf } from '../data/product.ts'
import { listed, plural } from '../data/words.ts'
import { PastList, PastRow } from './past-list.tsx'

export function PastProducts({ find }: { find: string }) {
  const { client, tenantId } = useBiplane()
  const query = useInfiniteQuery(productsOf(client, tenantId, find))
  return (
    <PastList
      query={query}
      items={query.data?.pages.flatMap(({ products }) => products)}
      label="products"
      empty={find === '' ? <NoProducts /> : <Text c="dimmed">No product is called “{find}”. Try fewer letters.</Text>}
    >
      {({ product_id, name, rows, columns, sources, created_at }) => (
        <PastRow
          key={product_id}
          name={
            <Link to="/products/$productId" params={{ productId: product_id }} title={name}>
              {name}
            </Link>
          }
          about={`${plural(rows, 'row')}, ${plural(columns, 'column')}, of ${listed(sources.map(({ table }) => table))}`}
          when={created_at !== null && <Ago time={created_at} />}
        />
      )}
    </PastList>
  )
}

const NoProducts = () => (
  <Empty
    icon={<IconArrowsJoin size={28} />}
    title="No products yet"
    action={
      <Button variant="light" renderRoot={(props) => <Link to="/mash" {...props} />}>
        Begin a mash
      </Button>
    }
  >
    Choose two tables or more, and a mash finds out how they belong together and makes one of them.
  </Empty>
)
