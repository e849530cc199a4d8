// An AsyncAPI document, read as its readers do: whether it is one, and whether what is said on the wire is what it says.

import specs from '@asyncapi/specs'
import { Ajv, type AnySchemaObject, type ErrorObject } from 'ajv'

export interface AsyncApiDocument {
  asyncapi: string
  channels: Record<string, { address: string; messages: Record<string, unknown> }>
  operations: Record<string, { action: string; messages: { $ref: string }[]; reply?: { messages: { $ref: string }[] } }>
  components: { messages: Record<string, { examples?: { payload: unknown }[] }>; schemas: Record<string, object> }
}

const ID = 'https://document.example/'
/** Formats are for people here, and the keywords of AsyncAPI are not those of JSON Schema. */
const lenient = () => new Ajv({ strict: false, allErrors: false, validateFormats: false })

/** What the official schema of AsyncAPI 3.0 has against it. */
export function faultsOf(document: unknown): ErrorObject[] {
  const validate = lenient().compile(specs.schemasWithoutId['3.0.0'] as AnySchemaObject)
  return validate(document) ? [] : (validate.errors ?? [])
}

/** References in the document that lead nowhere. */
export function lostReferences(document: unknown): string[] {
  const lost: string[] = []
  JSON.parse(JSON.stringify(document), (key, value: unknown) => {
    if (key === '$ref' && !leads(document, String(value))) lost.push(String(value))
    return value
  })
  return lost
}

function leads(document: unknown, reference: string): boolean {
  let at = document
  for (const part of reference.replace(/^#\/?/, '').split('/').filter(Boolean)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    at = (at as Record<string, unknown> | undefined)?.[name]
  }
  return reference.startsWith('#') && at !== undefined
}

/** Answers what is wrong with a message by the name that the document gives it. */
export function messageReader(document: AsyncApiDocument): (name: string, message: unknown) => string[] {
  const ajv = lenient().addSchema({ ...document, $id: ID })
  return (name, message) => {
    if (document.components.messages[name] === undefined) return [`The document has no message ${name}.`]
    const validate = ajv.getSchema(`${ID}#/components/schemas/${name}`)
    if (validate === undefined) return [`The document has no schema ${name}.`]
    if (validate(message)) return []
    return (validate.errors ?? []).map(({ instancePath, message: what }) => `${name}${instancePath} ${what}`)
  }
}
