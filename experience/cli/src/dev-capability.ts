// How a capability is called, once by REST and once by this command: what `biplane dev` prints of each.

import { ARTIFACT_KEYWORD, type Capability } from '@biplane/protocol'

import { globalsFor } from './command.ts'

type Schema = Capability['payload_schema']

/** `gateway` is its address, without a path. */
export function linesOfCapability(capability: Capability, gateway: string, tenant: string): string[] {
  const { kind, type, payload_schema } = capability
  const files = fileFields(payload_schema)
  const sample = (capability.example ?? sampleOf(payload_schema)) as object
  const payload = Object.fromEntries(Object.entries(sample).filter(([field]) => !files.includes(field)))
  const json = Object.keys(payload).length > 0 || files.length === 0 ? ` ${quoted(JSON.stringify(payload))}` : ''
  const address = quoted(`${gateway}${addressOf(type)}?tenant_id=${encodeURIComponent(tenant)}`)
  const curl = files.length === 0 ? `curl --json${json} ${address}` : `curl ${formOf(payload, files)} ${address}`
  const options = [...files.map((field) => ` --file ${field}=FILE`), kind === 'intent' ? ' --follow' : '']
  const globals = globalsFor(`${gateway}/v1`, tenant)
  return [curl, `npx biplane ${kind === 'intent' ? 'submit' : 'query'} ${type}${json}${options.join('')}${globals}`]
}

/** The rule of docs/protocol.md §7. */
export const addressOf = (type: string): string => `/v1/${type.replaceAll('.', '/').replaceAll('_', '-')}`

const propertiesOf = (schema: Schema) => Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)

const fileFields = (schema: Schema): string[] =>
  propertiesOf(schema)
    .filter(([, property]) => property[ARTIFACT_KEYWORD] === true)
    .map(([field]) => field)

/** Fields come before the files. */
const formOf = (payload: object, files: readonly string[]): string =>
  [
    ...Object.entries(payload).map(
      ([field, value]) => `-F ${quoted(`${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`,
    ),
    ...files.map((field) => `-F ${field}=@FILE`),
  ].join(' ')

/** Something of the schema's shape, with what must be there and nothing else. */
function sampleOf(schema: Schema): unknown {
  const { type, anyOf, enum: values, const: value, default: usual, minimum } = schema
  if (value !== undefined) return value
  if (usual !== undefined) return usual
  if (Array.isArray(values)) return values[0]
  if (Array.isArray(anyOf)) return sampleOf(anyOf[0] as Schema)
  if (type === 'string') return 'text'
  if (type === 'boolean') return true
  if (type === 'number' || type === 'integer') return typeof minimum === 'number' && minimum > 1 ? minimum : 1
  if (type === 'array') return []
  if (type !== 'object') return null
  const required = (schema['required'] ?? []) as string[]
  return Object.fromEntries(
    propertiesOf(schema)
      .filter(([field]) => required.includes(field))
      .map(([field, property]) => [field, sampleOf(property)]),
  )
}

/** For a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
