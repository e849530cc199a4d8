// Where a token comes from may say that there is none any more, or be out of reach for a moment. Nothing answers here: it is not
// asked.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ProblemError } from '@biplane/protocol'

import { createClient } from './client.ts'

const url = 'http://127.0.0.1:9/v1'

test('what the source of tokens says is wrong is the error of the call, and no follower waits for it to pass', async () => {
  let asked = 0
  const token = async () => {
    asked++
    throw new ProblemError('unauthenticated', 'The session is over.')
  }
  const client = createClient({ url, token })
  await assert.rejects(client.session('ses_1'), {
    code: 'unauthenticated',
    status: 401,
    message: 'The session is over.',
  })
  await assert.rejects(client.follow('ses_1').next(), { code: 'unauthenticated' })
  assert.equal(asked, 2)
})

test('a source of tokens that merely breaks may be whole in a moment: it is asked again', async () => {
  let asked = 0
  const token = async () => {
    asked++
    throw new Error('no network')
  }
  await assert.rejects(createClient({ url, token, retries: 1 }).session('ses_1'), { code: 'runtime_unavailable' })
  assert.equal(asked, 2)
})
