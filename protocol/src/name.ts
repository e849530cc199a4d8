// Names of intent, query and event types (docs/protocol.md §2). The first part of a type is its realm.

import * as z from 'zod'

export const TYPE_NAME = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/
export const REALM_NAME = /^[a-z][a-z0-9_]*$/
const MAX_NAME_CHARS = 120

export const TypeName = z
  .string()
  .max(MAX_NAME_CHARS)
  .regex(TYPE_NAME, 'must look like realm.name, in lower case with underscores')
export const RealmName = z.string().max(MAX_NAME_CHARS).regex(REALM_NAME, 'must be lower case with underscores')

/** Words of the protocol itself: no realm may take one, or its events and addresses would collide with ours. */
export const RESERVED_REALMS: readonly string[] = [
  'session',
  'intent',
  'execution',
  'step',
  'saga',
  'signal',
  'child',
  'stream',
  'state',
  'artifact',
  'query',
  'tenant',
  'capabilities',
  'events',
  'uploads',
]

/** Fields of the envelope, which on a surface stand beside the payload's own. */
export const RESERVED_FIELDS: readonly string[] = ['tenant_id', 'session_id', 'intent_id']
