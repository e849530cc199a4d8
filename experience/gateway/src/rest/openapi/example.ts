// An example for a schema that comes with none: the same at every time, and as small as the schema lets it be. What no example can
// be found for has none.

import { ARTIFACT_KEYWORD } from '@biplane/protocol'
import * as z from 'zod'

import { type JsonSchema, propertiesOf } from '../../kit/capability.ts'
import { textExample } from './text-example.ts'

/** Ids as the protocol has them, for examples of what it answers. */
const CHARS = '01k9x3v5q8m2n4p6r7s0t1w2y3'
export const EXAMPLE_IDS = {
  session_id: `ses_${CHARS}`,
  intent_id: `int_${CHARS}`,
  execution_id: `exe_${CHARS}`,
  artifact_id: `art_${'0'.repeat(64)}`,
}

export const EXAMPLE_TENANT = 'acme'

const DEFINITION = '#/$defs/'

interface Sampling {
  root: JsonSchema
  /** What may be left out is left out. */
  smallest: boolean
  /** The definitions that an example is being made of: none has itself inside. */
  within: readonly string[]
}

/** Undefined if none was found that fits. With `whole`, what may be left out is there. */
export function exampleOf(schema: JsonSchema, { whole = false } = {}): unknown {
  const made = sample(schema, { root: schema, smallest: !whole, within: ['#'] })
  return made !== undefined && fits(schema, made) ? made : undefined
}

/** False too where a schema says something that zod has no word for: an example is better left out than wrong. */
function fits(schema: JsonSchema, value: unknown): boolean {
  try {
    return z.fromJSONSchema(schema).safeParse(value).success
  } catch {
    return false
  }
}

function sample(schema: JsonSchema, sampling: Sampling): unknown {
  if (schema[ARTIFACT_KEYWORD] === true) return { artifact_id: EXAMPLE_IDS.artifact_id }
  const given = givenBy(schema)
  if (given !== undefined) return given
  const { $ref, allOf, anyOf, oneOf } = schema as { $ref?: string } & Record<string, JsonSchema[] | undefined>
  if ($ref !== undefined) return referred($ref, sampling)
  if (allOf !== undefined) return Object.assign({}, ...allOf.map((one) => sample(one, sampling)))
  const choices = anyOf ?? oneOf
  if (choices === undefined) return ofType(schema, sampling)
  return choices.map((one) => sample(one, sampling)).find((one) => one !== undefined)
}

function referred(reference: string, sampling: Sampling): unknown {
  const { root, within } = sampling
  if (within.includes(reference)) return undefined
  const definitions = (root['$defs'] ?? {}) as Record<string, JsonSchema>
  const definition = definitions[reference.slice(DEFINITION.length)]
  return definition && sample(definition, { ...sampling, within: [...within, reference] })
}

/** What a schema says that a value may be. */
function givenBy({ examples, example, default: usual, const: only, enum: values }: JsonSchema): unknown {
  return [
    Array.isArray(examples) ? examples[0] : undefined,
    example,
    only,
    Array.isArray(values) ? values[0] : undefined,
    usual,
  ].find((one) => one !== undefined)
}

function ofType(schema: JsonSchema, sampling: Sampling): unknown {
  const [type] = [schema['type']].flat()
  switch (type) {
    case 'string':
      return textExample(schema)
    case 'integer':
    case 'number':
      return number(schema)
    case 'boolean':
      return true
    case 'null':
      return null
    case 'array':
      return list(schema, sampling)
    case 'object':
      return object(schema, sampling)
    default:
      return type === undefined ? {} : undefined
  }
}

function number({ type, multipleOf, ...bounds }: JsonSchema): number | undefined {
  const { minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity, exclusiveMaximum = Infinity } = bounds
  const [least, above, most, below] = [minimum, exclusiveMinimum, maximum, exclusiveMaximum].map(Number) as Bounds
  const step = Number(multipleOf ?? 1)
  const isWhole = type === 'integer' || multipleOf !== undefined
  const lowest = Math.max(least, above)
  const near = isWhole
    ? [Math.ceil(lowest / step) * step, Math.floor(lowest / step) * step + step]
    : [least, above + step]
  const halfway = (lowest + Math.min(most, below)) / 2
  return [step, 0, ...near, isWhole ? most : halfway, below - step].find(
    (one) => Number.isFinite(one) && one >= least && one > above && one <= most && one < below,
  )
}

type Bounds = [least: number, above: number, most: number, below: number]

function list({ items, prefixItems, minItems = 0, maxItems = Infinity }: JsonSchema, sampling: Sampling): unknown {
  if (Array.isArray(prefixItems)) return (prefixItems as JsonSchema[]).map((one) => sample(one, sampling))
  const count = Math.max(Number(minItems), Number(maxItems) === 0 ? 0 : 1)
  const one = sample((items ?? {}) as JsonSchema, sampling)
  if (one !== undefined) return Array.from({ length: Math.min(count, 10) }, () => one)
  return Number(minItems) === 0 ? [] : undefined
}

function object(schema: JsonSchema, sampling: Sampling): unknown {
  const required = (schema['required'] ?? []) as string[]
  const made: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(propertiesOf(schema))) {
    const isRequired = required.includes(name)
    if (!isRequired && sampling.smallest) continue
    const value = sample(property, sampling)
    if (value !== undefined) made[name] = value
    else if (isRequired) return undefined
  }
  return made
}
