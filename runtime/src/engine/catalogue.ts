// What the realms of this runtime can do: their definitions by type, and the catalogue that surfaces build themselves from.

import { createHash } from 'node:crypto'

import type { Capability } from '@biplane/protocol'
import type { CapabilityDefinition, IntentDefinition, QueryDefinition, Realm } from '@biplane/realm'
import * as z from 'zod'

import { type Plan, describedLimit, planOf } from './plan.ts'

export interface Registered<D extends CapabilityDefinition> {
  definition: D
  realm: Realm
}

export interface Catalogue {
  /** Of that version of its realm, if there is one; else the current one. */
  intent(type: string, version?: string): Registered<IntentDefinition> | null
  query(type: string): Registered<QueryDefinition> | null
  /** The limit of an intent type by its current version; null if it has none. */
  planOf(type: string): Plan | null
  capabilities: readonly Capability[]
  /** Changes when, and only when, the capabilities do. */
  etag: string
}

/**
 * Of realms with one name the first is current: it takes new intents. The others finish what they began.
 * @throws Error if two realms have the same name and version
 */
export function catalogueOf(realms: readonly Realm[]): Catalogue {
  const byType = new Map<string, Registered<CapabilityDefinition>>()
  const byVersion = new Map<string, Registered<CapabilityDefinition>>()
  const versions = new Set<string>()
  const names = new Set<string>()
  for (const realm of realms) {
    const version = `${realm.name} ${realm.version}`
    if (versions.has(version)) throw new Error(`Two realms are named "${realm.name}", both version ${realm.version}.`)
    versions.add(version)
    for (const definition of realm.capabilities) {
      byVersion.set(`${definition.type} ${realm.version}`, { definition, realm })
      if (!names.has(realm.name)) byType.set(definition.type, { definition, realm })
    }
    names.add(realm.name)
  }
  const plans = new Map<string, Plan>()
  for (const [type, { definition }] of byType) {
    if (definition.kind === 'intent' && definition.limit) plans.set(type, planOf(definition.limit))
  }
  const capabilities = [...byType.values()].map(capabilityOf)
  const find = (kind: string, type: string, version?: string) => {
    const found = byVersion.get(`${type} ${version}`) ?? byType.get(type)
    return found?.definition.kind === kind ? found : null
  }
  return {
    intent: (type, version) => find('intent', type, version) as Registered<IntentDefinition> | null,
    query: (type) => find('query', type) as Registered<QueryDefinition> | null,
    planOf: (type) => plans.get(type) ?? null,
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
    ...(definition.kind === 'intent' && definition.limit ? { limit: describedLimit(definition.limit) } : {}),
    ...(example === undefined ? {} : { example: example as Capability['example'] }),
  }
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Capability['payload_schema']
