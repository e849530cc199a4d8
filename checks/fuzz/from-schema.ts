// Values that fit a JSON Schema, as our documents write them.

import type { Chance } from './chance.ts'
import type { Json } from './odd.ts'

export interface Schema {
  $ref?: string
  type?: string | string[]
  const?: Json
  enum?: Json[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema | boolean
  prefixItems?: Schema[]
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
}

/** Ids and names that exist, by the name of the field that takes one. */
export type Known = Readonly<Record<string, readonly string[]>>

const DEPTH_MAX = 8
const ITEMS_MAX = 3
const NUMBER_MAX = 1_000
const WORDS = ['a', 'word', 'text/csv', 'two words', 'größe', 'x.y', '2026-01-31T09:30:00.000Z']

export class Maker {
  readonly #document: unknown
  readonly #known: Known

  /** `document`: what `$ref` leads into. */
  constructor(document: unknown, known: Known) {
    this.#document = document
    this.#known = known
  }

  /** `name`: of the field that it is for. */
  make(chance: Chance, schema: Schema, name = '', depth = 0): Json {
    const known = this.#known[name]
    if (known !== undefined && schema.const === undefined) return chance.pick(known)
    if (schema.$ref !== undefined) return this.make(chance, this.#at(schema.$ref), name, depth + 1)
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return chance.pick(schema.enum)
    const choices = schema.anyOf ?? schema.oneOf
    if (choices) return this.make(chance, chance.pick(choices), name, depth + 1)
    if (schema.allOf) return this.make(chance, chance.pick(schema.allOf), name, depth + 1)
    const type = Array.isArray(schema.type) ? chance.pick(schema.type) : schema.type
    return this.#ofType(chance, type, schema, depth)
  }

  #ofType(chance: Chance, type: string | undefined, schema: Schema, depth: number): Json {
    if (type === 'object' || schema.properties) return this.#object(chance, schema, depth)
    if (type === 'array') return this.#array(chance, schema, depth)
    if (type === 'string') return chance.pick(WORDS)
    if (type === 'boolean') return chance.happens(0.5)
    if (type === 'null') return null
    if (type === 'integer' || type === 'number') return numberIn(chance, schema, type)
    return depth > DEPTH_MAX ? null : anything(chance)
  }

  #object(chance: Chance, { properties = {}, required = [], additionalProperties }: Schema, depth: number): Json {
    const made: { [name: string]: Json } = {}
    for (const [name, schema] of Object.entries(properties)) {
      const isWanted = required.includes(name) || (depth < DEPTH_MAX && chance.happens(0.4))
      if (isWanted) made[name] = this.make(chance, schema, name, depth + 1)
    }
    if (typeof additionalProperties === 'object' && depth < DEPTH_MAX) {
      made[chance.pick(WORDS)] = this.make(chance, additionalProperties, '', depth + 1)
    }
    return made
  }

  #array(chance: Chance, { items, prefixItems = [], minItems = 0, maxItems = ITEMS_MAX }: Schema, depth: number): Json {
    const first = prefixItems.map((schema) => this.make(chance, schema, '', depth + 1))
    const count = Math.max(minItems - first.length, chance.below(Math.min(maxItems, ITEMS_MAX) + 1 - first.length))
    if (typeof items !== 'object' || depth > DEPTH_MAX) return first
    return [...first, ...Array.from({ length: Math.max(0, count) }, () => this.make(chance, items, '', depth + 1))]
  }

  #at(ref: string): Schema {
    const path = ref
      .replace(/^#\//, '')
      .split('/')
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    const found = path.reduce<unknown>(
      (at, part) => (at as Record<string, unknown> | undefined)?.[part],
      this.#document,
    )
    return found ?? {}
  }
}

function numberIn(chance: Chance, { minimum = 0, maximum = NUMBER_MAX }: Schema, type: string): number {
  const most = Math.min(maximum, minimum + NUMBER_MAX)
  const whole = minimum + chance.below(most - minimum + 1)
  return type === 'integer' || whole >= most ? whole : whole + chance.share()
}

const anything = (chance: Chance): Json =>
  chance.pick<Json>([
    null,
    true,
    12.5,
    'text',
    ['a', 1, null],
    { name: 'Ada', list: [1, 2] },
    { deep: { deeper: [{}] } },
  ])
