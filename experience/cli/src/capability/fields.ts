// The fields of a payload as a command line can give them, read from the schema of a capability.

import { ARTIFACT_KEYWORD } from '@biplane/protocol'

import { plain } from '../terminal/text.ts'
import { type Schema, choicesOf, isSchema, resolved, shapeOf, typesOf, wordsOf } from './schema.ts'

/** Deeper fields are given as JSON of what holds them. */
const DEPTH_MAX = 3
const FIELDS_MAX = 200

/** `any`: text, unless it is JSON that fits. */
export type Takes = 'text' | 'number' | 'integer' | 'boolean' | 'json' | 'any' | 'file'

export interface Field {
  /** Where it stands in the payload. */
  path: readonly string[]
  takes: Takes
  /** The words that are allowed, if nothing else is. */
  words: readonly string[] | null
  /** A list: it may be given several times. */
  isList: boolean
  /** A payload without it is refused. */
  isRequired: boolean
  description: string
  /** What the realm takes if it is left out. */
  usual: unknown
}

/** In the order of the schema; the fields of an object stand behind it. */
export function fieldsOf(root: Schema): Field[] {
  return below(resolved(root, root), root, []).slice(0, FIELDS_MAX)
}

function below(schema: Schema, root: Schema, path: readonly string[]): Field[] {
  const shape = shapeOf(schema, root)
  if (shape === null) return []
  return [...shape.properties].flatMap(([name, raw]) => {
    const property = resolved(raw, root)
    const here = [...path, name]
    const isRequired = path.length === 0 && shape.required.includes(name)
    const field: Field = { path: here, ...kindOf(property, root), isRequired, ...aboutOf(property) }
    const isOpen = field.takes === 'json' && !field.isList && here.length < DEPTH_MAX
    return [field, ...(isOpen ? below(property, root, here) : [])]
  })
}

type Kind = Pick<Field, 'takes' | 'words' | 'isList'>

function kindOf(schema: Schema, root: Schema): Kind {
  const choices = choicesOf(schema, root)
  const [only] = choices
  if (choices.length !== 1 || only === undefined)
    return { takes: unionTakes(choices), words: wordsOfAll(choices), isList: false }
  if (only[ARTIFACT_KEYWORD] === true || schema[ARTIFACT_KEYWORD] === true)
    return { takes: 'file', words: null, isList: false }
  const types = typesOf(only)
  if (types.length !== 1) return { takes: unionTakes([only]), words: null, isList: false }
  if (types[0] !== 'array') return { takes: takesOf(types[0]), words: wordsOf(only), isList: false }
  const items = isSchema(only['items']) ? kindOf(resolved(only['items'], root), root) : null
  // A list of lists is given as JSON.
  if (items === null || items.isList) return { takes: 'json', words: null, isList: items !== null }
  return { ...items, isList: true }
}

function takesOf(type: string | undefined): Takes {
  if (type === 'string') return 'text'
  return type === 'number' || type === 'integer' || type === 'boolean' ? type : 'json'
}

function unionTakes(choices: readonly Schema[]): Takes {
  if (wordsOfAll(choices) !== null) return 'text'
  const types = choices.flatMap(typesOf)
  return types.length === 0 || types.includes('string') ? 'any' : 'json'
}

function wordsOfAll(choices: readonly Schema[]): string[] | null {
  const words = choices.map(wordsOf)
  return words.length > 0 && words.every((each) => each !== null) ? words.flat() : null
}

const aboutOf = ({ description, default: usual }: Schema): Pick<Field, 'description' | 'usual'> => ({
  description: typeof description === 'string' ? plain(description) : '',
  usual,
})
