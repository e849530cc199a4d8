// Fields that arrive as text, in a query or a form, read as the types that the payload's schema gives them. A text that does
// not fit stays text: the runtime then says what is wrong with it, in the words of the schema.

import { RESERVED_FIELDS, hasCleanText, parseJson, ProblemError } from '@biplane/protocol'

import type { Fields } from '../kit/body.ts'
import { type JsonSchema, propertiesOf, typesOf } from '../kit/capability.ts'

/** A field of several values is given several times. @throws ProblemError text_invalid, duplicate_fields_differ */
export function fieldsFromText(texts: Iterable<[name: string, text: string]>, payloadSchema: JsonSchema): Fields {
  const given = new Map<string, string[]>()
  for (const [name, text] of texts) {
    if (!hasCleanText([name, text])) throw new ProblemError('text_invalid')
    given.set(name, [...(given.get(name) ?? []), text])
  }
  const properties = propertiesOf(payloadSchema)
  return Object.fromEntries([...given].map(([name, values]) => [name, fieldValue(name, values, properties[name])]))
}

function fieldValue(name: string, texts: string[], schema: JsonSchema | undefined): unknown {
  if (schema !== undefined && typesOf(schema).includes('array') && !isJsonArray(texts)) {
    return texts.map((text) => valueOf(text, (schema['items'] ?? {}) as JsonSchema))
  }
  if (new Set(texts).size > 1) {
    throw new ProblemError('duplicate_fields_differ', `${name} is given twice with different values.`)
  }
  const [text = ''] = texts
  return schema === undefined || RESERVED_FIELDS.includes(name) ? text : valueOf(text, schema)
}

/** In a form, a list of objects has no other way to be written. */
const isJsonArray = ([first, ...others]: string[]): boolean => others.length === 0 && first?.startsWith('[') === true

function valueOf(text: string, schema: JsonSchema): unknown {
  const types = typesOf(schema)
  if (types.includes('string')) return text
  if (types.includes('null') && (text === '' || text === 'null')) return null
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  if ((types.includes('number') || types.includes('integer')) && isNumber(text)) return Number(text)
  if ((types.includes('object') || types.includes('array')) && /^\s*[{[]/.test(text)) return parseJson(text)
  return text
}

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) && Number.isFinite(Number(text))
