// Reading a JSON Schema, as far as a form needs it. What a form cannot say is written as JSON.

import { ARTIFACT_KEYWORD } from '@biplane/protocol'

export type Schema = Record<string, unknown>

interface About {
  title: string | undefined
  description: string | undefined
  /** What is taken if it is left out. */
  usual: unknown
}

export type Control = About &
  (
    | { kind: 'text'; minLength?: number; maxLength?: number; pattern?: string; format?: string }
    | { kind: 'number'; isWhole: boolean; min?: number; max?: number }
    | { kind: 'boolean' }
    | { kind: 'choice'; values: readonly (string | number)[] }
    | { kind: 'file' }
    | { kind: 'list'; items: Control; max?: number }
    | { kind: 'object'; fields: readonly Field[] }
    | { kind: 'json' }
  )

export interface Field {
  name: string
  isRequired: boolean
  control: Control
}

/** Deeper fields are written as JSON of what holds them. */
const DEPTH_MAX = 4
/** References within one schema are followed this often, so that one which names itself ends. */
const REFERENCES_MAX = 8

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const controlOf = (root: Schema): Control => read(root, root, 0)

function read(raw: Schema, root: Schema, depth: number): Control {
  const schema = chosen(resolved(raw, root), root)
  const about = aboutOf({ ...schema, ...raw })
  if (schema[ARTIFACT_KEYWORD] === true) return { ...about, kind: 'file' }
  const { enum: values, const: only } = schema
  if (isWords(values)) return { ...about, kind: 'choice', values }
  if (typeof only === 'string' || typeof only === 'number') return { ...about, kind: 'choice', values: [only] }
  switch (schema['type']) {
    case 'string':
      return {
        ...about,
        kind: 'text',
        ...pick(schema, 'number', 'minLength', 'maxLength'),
        ...pick(schema, 'string', 'pattern', 'format'),
      }
    case 'number':
    case 'integer':
      return { ...about, kind: 'number', isWhole: schema['type'] === 'integer', ...boundsOf(schema) }
    case 'boolean':
      return { ...about, kind: 'boolean' }
    case 'array':
      return readList(schema, about, root, depth)
    case 'object':
      return readObject(schema, about, root, depth)
    default:
      return { ...about, kind: 'json' }
  }
}

/** Zod bounds a whole number by what JavaScript can hold: that is no bound to show. */
function boundsOf({ minimum, maximum, exclusiveMinimum, type }: Schema): { min?: number; max?: number } {
  const above = type === 'integer' && typeof exclusiveMinimum === 'number' ? exclusiveMinimum + 1 : undefined
  const [min, max] = [minimum ?? above, maximum]
  const isBound = (value: unknown): value is number =>
    typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER
  return { ...(isBound(min) && { min }), ...(isBound(max) && { max }) }
}

function readList(schema: Schema, about: About, root: Schema, depth: number): Control {
  if (!isSchema(schema['items']) || depth >= DEPTH_MAX) return { ...about, kind: 'json' }
  const items = read(schema['items'], root, depth + 1)
  const max = schema['maxItems']
  return items.kind === 'json'
    ? { ...about, kind: 'json' }
    : { ...about, kind: 'list', items, ...(typeof max === 'number' && { max }) }
}

function readObject(schema: Schema, about: About, root: Schema, depth: number): Control {
  const { properties, required } = schema
  if (!isSchema(properties) || depth >= DEPTH_MAX) return { ...about, kind: 'json' }
  const fields = Object.entries(properties).flatMap(([name, property]): Field[] => {
    if (!isSchema(property)) return []
    const isRequired = Array.isArray(required) && required.includes(name)
    return [
      {
        name,
        isRequired: isRequired && resolved(property, root)['default'] === undefined,
        control: read(property, root, depth + 1),
      },
    ]
  })
  return { ...about, kind: 'object', fields }
}

const aboutOf = ({ title, description, default: usual }: Schema): About => ({
  title: typeof title === 'string' ? title : undefined,
  description: typeof description === 'string' ? description : undefined,
  usual,
})

const isWords = (values: unknown): values is (string | number)[] =>
  Array.isArray(values) &&
  values.length > 0 &&
  values.every((one) => typeof one === 'string' || typeof one === 'number')

/** Those of `names` that are of this type. */
function pick(schema: Schema, type: 'number' | 'string', ...names: string[]): object {
  return Object.fromEntries(names.filter((name) => typeof schema[name] === type).map((name) => [name, schema[name]]))
}

/** Of a choice between something and null: that something. Other choices are written as JSON. */
function chosen(schema: Schema, root: Schema): Schema {
  const choices = schema['anyOf'] ?? schema['oneOf']
  if (!Array.isArray(choices)) return withoutNull(schema)
  const others = choices
    .filter(isSchema)
    .map((one) => resolved(one, root))
    .filter(({ type }) => type !== 'null')
  const constants = others.map((one) => one['const'])
  if (constants.length > 1 && isWords(constants)) return { ...schema, enum: constants }
  return others.length === 1 && others[0] !== undefined ? withoutNull(others[0]) : {}
}

function withoutNull(schema: Schema): Schema {
  const { type } = schema
  const types = Array.isArray(type) ? type.filter((one) => one !== 'null') : [type]
  return types.length === 1 ? { ...schema, type: types[0] } : { ...schema, type: undefined }
}

/** What the schema says, with a reference into `root` followed. */
function resolved(schema: Schema, root: Schema): Schema {
  let found = schema
  for (let i = 0; i < REFERENCES_MAX && typeof found['$ref'] === 'string'; i++) {
    const { $ref, ...others } = found
    found = { ...pointed(root, $ref), ...others }
  }
  return found
}

function pointed(root: Schema, pointer: string): Schema {
  const names = pointer
    .replace(/^#\/?/, '')
    .split('/')
    .filter((name) => name !== '')
  const unescaped = (name: string) => decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~')
  const found = names.reduce<unknown>((inside, name) => (isSchema(inside) ? inside[unescaped(name)] : undefined), root)
  return isSchema(found) ? found : {}
}

/** What a form begins with: what is taken anyway, so that one sees it, and nothing else. */
export function firstValue(control: Control): unknown {
  if (control.usual !== undefined) return control.usual
  if (control.kind !== 'object') return undefined
  const fields = control.fields.map(({ name, isRequired, control: inner }) => {
    if (isRequired && inner.kind === 'boolean') return [name, false] as const
    const value = inner.kind === 'object' && !isRequired ? undefined : firstValue(inner)
    return [name, value] as const
  })
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined))
}
