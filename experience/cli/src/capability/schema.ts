// Reading a JSON Schema, as far as a command line needs it.

export type Schema = Record<string, unknown>

/** References within one schema are followed this often, so that one which names itself ends. */
const REFERENCES_MAX = 8

/** What the schema says, with a reference into `root` followed. */
export function resolved(schema: Schema, root: Schema): Schema {
  let found = schema
  for (let i = 0; i < REFERENCES_MAX && typeof found['$ref'] === 'string'; i++) {
    const { $ref, ...others } = found
    found = { ...at(root, $ref), ...others }
  }
  return found
}

function at(root: Schema, pointer: string): Schema {
  const names = pointer
    .replace(/^#\/?/, '')
    .split('/')
    .filter((name) => name !== '')
  const found = names.reduce<unknown>((inside, name) => (isSchema(inside) ? inside[unescaped(name)] : undefined), root)
  return isSchema(found) ? found : {}
}

const unescaped = (name: string): string => decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')

/** The schemas of which a value must fit one, without null; the schema itself if it names none. */
export function choicesOf(schema: Schema, root: Schema): Schema[] {
  const { anyOf, oneOf } = schema
  const choices = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : null
  if (choices === null) return [schema]
  return choices
    .filter(isSchema)
    .map((choice) => resolved(choice, root))
    .filter((choice) => choice['type'] !== 'null')
    .flatMap((choice) => choicesOf(choice, root))
}

/** The JSON types that a value may have, without null; none if the schema does not say. */
export function typesOf(schema: Schema): string[] {
  const { type, enum: values, const: value } = schema
  const types = typeof type === 'string' ? [type] : Array.isArray(type) ? (type as string[]) : valueTypes(values, value)
  return types.filter((each) => each !== 'null')
}

const valueTypes = (values: unknown, value: unknown): string[] =>
  Array.isArray(values) ? [...new Set(values.map(jsonType))] : value === undefined ? [] : [jsonType(value)]

const jsonType = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/** The words that are allowed, if nothing else is. */
export function wordsOf({ enum: values, const: value }: Schema): string[] | null {
  if (typeof value === 'string') return [value]
  const words = Array.isArray(values) ? values.filter((each) => each !== null) : []
  return words.length > 0 && words.every((each) => typeof each === 'string') ? words : null
}

export interface Shape {
  properties: Map<string, Schema>
  required: string[]
}

/** Of an object: its properties. Of a choice of objects: those of each, and required is what each requires. Null: no object. */
export function shapeOf(schema: Schema, root: Schema): Shape | null {
  const shapes = choicesOf(schema, root).map((choice) => shapeOfOne(choice, root))
  if (shapes.length === 0 || !shapes.every((shape) => shape !== null)) return null
  return shapes.reduce(either)
}

function shapeOfOne(schema: Schema, root: Schema): Shape | null {
  const parts = Array.isArray(schema['allOf']) ? schema['allOf'].filter(isSchema) : []
  const all = [schema, ...parts.map((part) => resolved(part, root))]
  if (!all.some((part) => isSchema(part['properties']))) return null
  const entries = all.flatMap((part) => Object.entries(part['properties'] ?? {}) as [string, Schema][])
  return { properties: new Map(entries), required: all.flatMap((part) => (part['required'] ?? []) as string[]) }
}

function either(one: Shape, other: Shape): Shape {
  const properties = new Map(one.properties)
  for (const [name, schema] of other.properties) {
    const known = properties.get(name)
    properties.set(name, known === undefined ? schema : eitherOf(known, schema))
  }
  return { properties, required: one.required.filter((name) => other.required.includes(name)) }
}

/** Words of a discriminator are put together; what differs otherwise may be anything. */
function eitherOf(one: Schema, other: Schema): Schema {
  const [words, others] = [wordsOf(one), wordsOf(other)]
  if (words !== null && others !== null) return { ...one, const: undefined, enum: [...new Set([...words, ...others])] }
  return JSON.stringify(one) === JSON.stringify(other) ? one : {}
}

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
