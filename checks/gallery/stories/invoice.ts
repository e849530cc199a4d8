import assert from 'node:assert/strict'

import { changedInvoice, invoice, mendedInvoice } from '../programs/invoice.ts'
import type { Story } from '../stage.ts'
import { World } from '../world.ts'

const mended: Story = {
  name: 'an invoice that its changed code cannot replay says what differs, and is sent when the code is mended',
  async tell(open) {
    const world = new World()
    await using stage = await open(world, [invoice(world)])
    const execution = await stage.begin('invoice.send', null)
    await stage.until(execution, 'waiting')
    await stage.restart([changedInvoice(world)])
    await stage.signal(execution, 'signed')
    const { error } = await stage.until(execution, 'paused')
    assert.equal(error?.code, 'handler.diverged')
    assert.match(error?.message ?? '', /The log has "render" as call 1 .* now makes the call "check" there/)
    assert.deepEqual(world.done, ['fetch', 'render'])
    await stage.resume(execution, 'in the hope that it works now')
    assert.equal((await stage.until(execution, 'paused')).error?.code, 'handler.diverged')
    await stage.restart([mendedInvoice(world)])
    assert.deepEqual((await stage.end(execution)).result, 'sent')
    assert.deepEqual(world.done, ['fetch', 'render', 'check', 'send'])
  },
}

export const invoices: Story[] = [mended]
