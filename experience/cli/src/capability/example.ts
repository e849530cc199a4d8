// A capability as a command line: its words, and an example of a call.

import type { Capability } from '@biplane/protocol'

import { shellWord } from '../terminal/shell-word.ts'
import { type Field, fieldsOf } from './fields.ts'
import { flagOf } from './flag.ts'
import { type Schema, choicesOf, resolved, shapeOf, typesOf, wordsOf } from './schema.ts'

/** `data_mash.create` is `data-mash create`. */
export const wordsOfType = (type: string): string[] => type.replaceAll('_', '-').split('.')

/** A call of it: with options, or as JSON if there is something that options cannot say. */
export function exampleOf(capability: Capability): string {
  const { type, kind, example } = capability
  const root = capability.payload_schema as Schema
  const fields = fieldsOf(root).filter(({ path }) => path.length === 1)
  const files = fields.filter(({ takes, isRequired }) => takes === 'file' && isRequired).map(nameOf)
  const sample = Object.entries((example ?? sampleOf(root, root)) as object).filter(([name]) => !files.includes(name))
  const options = sample.map(([name, value]) => {
    const field = fields.find((each) => nameOf(each) === name)
    return field === undefined ? null : optionWords(flagOf(field, kind), value)
  })
  if (options.every((words) => words !== null)) {
    return [...wordsOfType(type), ...files.map(() => 'FILE'), ...options.flat()].join(' ')
  }
  const json = shellWord(JSON.stringify(Object.fromEntries(sample)))
  return [kind === 'intent' ? 'submit' : 'query', type, json, ...files.map((name) => `--file ${name}=FILE`)].join(' ')
}

const nameOf = ({ path }: Field): string => path.join('.')

/** Null if it cannot be said. */
function optionWords(flag: string | null, value: unknown): string[] | null {
  if (flag === null || value === null || (Array.isArray(value) && value.length === 0)) return null
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
