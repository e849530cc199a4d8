// What the realms of this runtime can do: their definitions by type, and the catalogue that surfaces build themselves from.

import { createHash } from 'node:crypto'

import type { Capability } from '@biplane/protocol'
import type { CapabilityDefinition, IntentDefinition, QueryDefinition, Realm } from '@biplane/realm'
import * as z from 'zod'

export interface Registered<D extends CapabilityDefinition> {
  definition: D
  realm: Realm
}

export interface Catalogue {
  intent(type: string): Registered<IntentDefinition> | null
  query(type: string): Registered<QueryDefinition> | null
  capabilities: readonly Capability[]
  /** Changes when, and only when, the capabilities do. */
  etag: string
}

/** @throws Error if two realms have the same name */
export function catalogueOf(realms: readonly Realm[]): Catalogue {
  const byType = new Map<string, Registered<CapabilityDefinition>>()
  const names = new Set<string>()
  for (const realm of realms) {
    if (names.has(realm.name)) throw new Error(`Two realms are named "${realm.name}".`)
    names.add(realm.name)
    for (const definition of realm.capabilities) byType.set(definition.type, { definition, realm })
  }
  const capabilities = [...byType.values()].map(capabilityOf)
  const find = (kind: string, type: string) => {
    const found = byType.get(type)
    return found?.definition.kind === kind ? found : null
  }
  return {
    intent: (type) => find('intent', type) as Registered<IntentDefinition> | null,
    query: (type) => find('query', type) as Registered<QueryDefinition> | null,
    capabilities,
    etag: `"${createHash('sha256').update(JSON.stringify(capabilities)).digest('base64url').slice(0, 22)}"`,
  }
}

function capabilityOf({ definition, realm }: Registered<CapabilityDefinition>): Capability {
  const { type, title, description, example } = definition
  return {
    kind: definition.kind,
    type,
    realm: realm.name,
    realm_version: realm.version,
    title: title ?? type,
    ...(description === undefined ? {} : { description }),
    payload_schema: schemaOf(definition.payload, 'input'),
    result_schema: schemaOf(definition.result, 'output'),
    undoable: definition.kind === 'intent' && definition.undoable,
    ...(example === undefined ? {} : { example: example as Capability['example'] }),
  }
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Capability['payload_schema']
