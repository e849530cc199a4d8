// A capability as a command line: its words, and an example of a call.

import type { Capability } from '@biplane/protocol'

import { shellWord } from '../terminal/shell-word.ts'
import { fieldsOf } from './fields.ts'
import { flagOf } from './flag.ts'
import { type Schema, choicesOf, resolved, shapeOf, typesOf, wordsOf } from './schema.ts'

/** `data_mash.create` is `data-mash create`. */
export const wordsOfType = (type: string): string[] => type.replaceAll('_', '-').split('.')

/** What cannot be given as an option is left out. */
export function exampleOf(capability: Capability): string {
  const root = capability.payload_schema as Schema
  const fields = fieldsOf(root)
  const sample = (capability.example ?? sampleOf(root, root)) as Record<string, unknown>
  const files = fields.filter(({ takes, path }) => takes === 'file' && path.length === 1)
  const given = fields.filter(
    ({ path, takes }) => path.length === 1 && takes !== 'file' && (path[0] as string) in sample,
  )
  const words = [
    ...files.filter(({ isRequired }) => isRequired).map(() => 'FILE'),
    ...given.flatMap((field) => optionWords(flagOf(field, capability.kind), sample[field.path[0] as string])),
  ]
  return [...wordsOfType(capability.type), ...words].join(' ')
}

function optionWords(flag: string | null, value: unknown): string[] {
  if (flag === null) return []
  if (typeof value === 'boolean') return [value ? flag : `--no-${flag.slice(2)}`]
  if (Array.isArray(value)) return value.flatMap((item) => [flag, wordOf(item)])
  return [flag, wordOf(value)]
}

const wordOf = (value: unknown): string => shellWord(typeof value === 'string' ? value : JSON.stringify(value))

/** A schema may name itself. */
const SAMPLE_DEPTH_MAX = 6

/** Something of the schema's shape, with what must be there and nothing else. */
export function sampleOf(schema: Schema, root: Schema, depth = 0): unknown {
  if (depth > SAMPLE_DEPTH_MAX) return null
  const { const: value, default: usual, minimum } = schema
  if (value !== undefined) return value
  if (usual !== undefined) return usual
  const [first = schema] = choicesOf(resolved(schema, root), root)
  const words = wordsOf(first)
  if (words !== null) return words[0]
  const [type] = typesOf(first)
  if (type === 'string') return 'text'
  if (type === 'boolean') return true
  if (type === 'number' || type === 'integer') return typeof minimum === 'number' && minimum > 1 ? minimum : 1
  if (type === 'array') return sampleList(first, root, depth)
  const shape = shapeOf(first, root)
  if (shape === null) return type === 'object' ? {} : null
  return Object.fromEntries(
    [...shape.properties]
      .filter(([name]) => shape.required.includes(name))
      .map(([name, property]) => [name, sampleOf(resolved(property, root), root, depth + 1)]),
  )
}

/** As long as it must be, within reason. */
function sampleList({ items, minItems }: Schema, root: Schema, depth: number): unknown[] {
  const length = typeof minItems === 'number' ? Math.min(minItems, SAMPLE_ITEMS_MAX) : 0
  return Array.from({ length }, () => sampleOf((items ?? {}) as Schema, root, depth + 1))
}

const SAMPLE_ITEMS_MAX = 3
