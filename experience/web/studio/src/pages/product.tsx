// A data product: its rows, what can be asked of it, and how it accounts for all that came in.

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, getRouteApi } from '@tanstack/react-router'

import { useBiplane } from '../../../ui/connect/biplane.tsx'
import { Loading } from '../../../ui/show/loading.tsx'
import { Page } from '../../../ui/show/page.tsx'
import { Problem } from '../../../ui/show/problem.tsx'
import { type Contract, type Product, askProduct, productOf, rowsSql } from '../data/product.ts'
import { plural } from '../data/words.ts'
import { PageGrid } from '../grid/page-grid.tsx'
import { type Tab, Tabs } from '../grid/tabs.tsx'
import { AccountingOf } from '../product/accounting.tsx'
import { Ask } from '../product/ask.tsx'
import { Download } from '../product/download.tsx'
import { Lineage } from '../product/lineage.tsx'
import { QualityFound } from '../mash/found.tsx'

const route = getRouteApi('/products/$productId')

export function ProductPage() {
  const { productId } = route.useParams()
  const { tab = 'rows' } = route.useSearch()
  const { client, tenantId } = useBiplane()
  const { data, error, refetch } = useQuery(productOf(client, tenantId, productId))
  if (error !== null) {
    return (
      <Page title="This product cannot be shown">
        <Problem error={error} retry={refetch} />
      </Page>
    )
  }
  if (data === undefined) return <Loading label="Loading the product" lines={8} />
  const { product, contract, quality } = data
  const to = `/products/${productId}`
  const tabs: Tab[] = [
    { name: 'rows', label: 'Rows', to },
    { name: 'ask', label: 'Ask', to },
    { name: 'accounting', label: 'Accounting', to },
    { name: 'lineage', label: 'Lineage', to },
    { name: 'quality', label: 'Quality', to },
  ]
  return (
    <Page
      title={product.name}
      lead={<Lead rows={product.rows} contract={contract} />}
      width="full"
      actions={<Download product={product} />}
    >
      <Tabs tabs={tabs} now={tab}>
        {tab === 'rows' && <Rows product={product} />}
        {tab === 'ask' && (
          <Ask productId={productId} columns={contract.columns} tables={product.sources.map(({ table }) => table)} />
        )}
        {tab === 'accounting' && <AccountingOf contract={contract} />}
        {tab === 'lineage' && <Lineage columns={contract.columns} />}
        {tab === 'quality' && <QualityFound score={quality.score} contents={quality.contents} />}
      </Tabs>
    </Page>
  )
}

const Lead = ({ rows, contract }: { rows: number; contract: Contract }) => (
  <>
    {plural(rows, 'row')} and {plural(contract.columns.length, 'column')}, made of{' '}
    {contract.sources.map(({ content_id, content }, i) => (
      <span key={content_id}>
        {i > 0 && ', '}
        <Link to="/tables/$contentId" params={{ contentId: content_id }}>
          {content}
        </Link>
      </span>
    ))}
  </>
)

function Rows({ product }: { product: Product['product'] }) {
  const { client, tenantId } = useBiplane()
  if (product.rows === 0) return <Text c="dimmed">It has no rows.</Text>
  return (
    <PageGrid
      key={product.product_id}
      label={`Rows of ${product.name}`}
      total={product.rows}
      cacheKey={[tenantId, product.product_id]}
      load={(offset, limit, signal) =>
        askProduct(client, product.product_id, rowsSql(product, offset, limit), limit, signal)
      }
    />
  )
}
