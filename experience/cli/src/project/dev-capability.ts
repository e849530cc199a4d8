// How a capability is called, once by REST and once by this command: what `biplane dev` prints of each.

import type { Capability } from '@biplane/protocol'

import { exampleOf, sampleOf } from '../capability/example.ts'
import { fieldsOf } from '../capability/fields.ts'
import { globalsOf } from '../place.ts'

/** `gateway` is its address, without a path. */
export function linesOfCapability(capability: Capability, gateway: string, tenant: string): string[] {
  const { type, payload_schema: schema } = capability
  const files = fieldsOf(schema).filter(({ takes, isRequired }) => takes === 'file' && isRequired)
  const names = files.map(({ path }) => path.join('.'))
  const sample = (capability.example ?? sampleOf(schema, schema)) as object
  const payload = Object.fromEntries(Object.entries(sample).filter(([field]) => !names.includes(field)))
  const address = quoted(`${gateway}${addressOf(type)}?tenant_id=${encodeURIComponent(tenant)}`)
  const body = names.length === 0 ? `--json ${quoted(JSON.stringify(payload))}` : formOf(payload, names)
  return [`curl ${body} ${address}`, `npx biplane ${exampleOf(capability)}${globalsOf(`${gateway}/v1`, tenant)}`]
}

/** The rule of docs/protocol.md §7. */
export const addressOf = (type: string): string => `/v1/${type.replaceAll('.', '/').replaceAll('_', '-')}`

/** Fields come before the files. */
const formOf = (payload: object, files: readonly string[]): string =>
  [
    ...Object.entries(payload).map(
      ([field, value]) => `-F ${quoted(`${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`)}`,
    ),
    ...files.map((field) => `-F ${field}=@FILE`),
  ].join(' ')

/** For a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
