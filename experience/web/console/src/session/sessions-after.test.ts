import assert from 'node:assert/strict'
import { test } from 'node:test'

import type { Event, Session } from '@biplane/protocol'

import { sessionsAfter } from './sessions-after.ts'

const session = (id: string, status: Session['status'] = 'open') => ({ session_id: `ses_${id}`, status }) as Session
const event = (id: string, type: string) =>
  ({
    kind: 'session',
    type,
    session_id: `ses_${id}`,
    time: '2026-01-31T09:30:00.000Z',
    data: { tenant_id: 'a' },
  }) as Event
const told = (sessions: Session[]) => sessions.map(({ session_id, status }) => `${session_id.slice(4)} ${status}`)

test('what is made comes on top once, and what is closed says so and does not open again', () => {
  const read = [session('c'), session('b', 'closed'), session('a')]
  const events = [
    event('b', 'session.closing'),
    event('c', 'session.created'),
    event('d', 'session.created'),
    event('c', 'session.closing'),
    event('a', 'session.closing'),
    event('a', 'session.closed'),
  ]
  assert.deepEqual(told(sessionsAfter(read, events)), ['d open', 'c closing', 'b closed', 'a closed'])
})

test('one that is older than all that was read is left to its page', () => {
  assert.deepEqual(told(sessionsAfter([session('b')], [event('a', 'session.closed')])), ['b open'])
})
