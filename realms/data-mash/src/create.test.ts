import { test } from 'node:test'
import { testRuntime } from '@biplane/tables/testing'
import { ingest } from '@biplane/tables/testing'
import { dataMash } from './data-mash.ts'
test('spike', async () => {
  await using runtime = await testRuntime()
  const orders = await ingest(
    runtime,
    'orders.csv',
    'order_id;customer_id;amount\n' +
      Array.from({ length: 40 }, (_, i) => `${i + 1};${i % 12 === 11 ? 99 : (i % 12) + 1};${i},50`).join('\n') +
      '\n41;\n42;;3,00\n',
  )
  const customers = await ingest(
    runtime,
    'customers.csv',
    'id,name,country\n' +
      Array.from({ length: 14 }, (_, i) => `${i + 1},Name ${i},DE`).join('\n') +
      '\n3,Dup,FR\n3,Dup2,FR\n14,Dup,FR\n',
  )
  const r = await runtime.intent(dataMash, 'data_mash.create', { content_ids: [orders, customers] })
  console.dir(r, { depth: 7 })
  console.dir(runtime.emitted, { depth: 7 })
  console.dir(await runtime.query(dataMash, 'data_mash.query', { product_id: r['product_id'], limit: '3' }), {
    depth: 7,
  })
  console.dir(
    await runtime.query(dataMash, 'data_mash.query', {
      product_id: r['product_id'],
      sql: 'select country, count(*), sum(amount) from data group by 1',
    }),
    { depth: 7 },
  )
  console.dir(await runtime.query(dataMash, 'data_mash.product', { product_id: r['product_id'] }), { depth: 3 })
})
