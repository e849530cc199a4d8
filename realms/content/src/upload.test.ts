import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testRuntime } from '@biplane/tables/testing'
import { content } from './content.ts'
test('spike', async () => {
  await using runtime = await testRuntime()
  const file = await runtime.put(
    'id;name;amount;when\n1;Ann;2,50;31.01.2024\n2;"B;ob";1.003,00;01.02.2024\n3;x\n4;J\xfcrg;abc;03.02.2024\n5;;4,00;\n',
    'orders.csv',
  )
  const r = await runtime.intent(content, 'content.upload', { file })
  console.dir(r, { depth: 6 })
  console.dir(await runtime.query(content, 'content.preview', { content_id: r['content_id'] }), { depth: 6 })
  console.dir(
    await runtime.query(content, 'content.preview', { content_id: r['content_id'], view: 'rejected_cells' }),
    { depth: 6 },
  )
  console.dir(
    await runtime.query(content, 'content.preview', { content_id: r['content_id'], view: 'rejected_rows', limit: '5' }),
    { depth: 6 },
  )
  console.dir(await runtime.query(content, 'content.profile', { content_id: r['content_id'] }), { depth: 8 })
  console.dir(runtime.emitted, { depth: 6 })
})
