// The options of a capability's command, one for each field of its payload.

import type { Capability } from '@biplane/protocol'
import { type Command, InvalidArgumentError, Option } from 'commander'

import { plain } from '../terminal/text.ts'
import type { Field } from './fields.ts'
import { flagOf } from './flag.ts'
import { placeholderOf, valueOf } from './value.ts'

const FIELDS_HEADING = 'Fields:'
/** More values of one field than this are given in a file. */
const VALUES_MAX = 1_000

export interface Flagged {
  field: Field
  /** `--content-ids` */
  flag: string
  /** Under this name commander keeps the value. */
  attribute: string
}

/** Adds them. A field that no option can stand for is given by --payload alone, and is left out here. */
export function addFieldOptions(command: Command, fields: readonly Field[], kind: Capability['kind']): Flagged[] {
  const attributes = new Set<string>()
  return fields.flatMap((field) => {
    const flag = flagOf(field, kind)
    if (flag === null) return []
    const options = optionsOf(field, flag)
    const attribute = options[0]?.attributeName() ?? ''
    if (attributes.has(attribute)) return []
    attributes.add(attribute)
    for (const option of options) command.addOption(option)
    return [{ field, flag, attribute }]
  })
}

/** A boolean has two: itself and its opposite. */
function optionsOf(field: Field, flag: string): Option[] {
  const about = [field.description, notesOf(field)].filter((part) => part !== '').join(' ')
  if (field.takes === 'boolean' && !field.isList) {
    const opposite = new Option(`--no-${flag.slice(2)}`).hideHelp()
    return [new Option(flag, `${about} (or ${opposite.long})`.trim()).helpGroup(FIELDS_HEADING), opposite]
  }
  const option = new Option(`${flag} <${placeholderOf(field)}>`, about).helpGroup(FIELDS_HEADING)
  if (field.words !== null) option.choices(field.words)
  return [option.argParser<unknown>((text, before) => taken(field, text, before))]
}

function taken(field: Field, text: string, earlier: unknown): unknown {
  const value = valueOf(field, text)
  if (!field.isList) return value
  // A field may be named as what every object has.
  const before: unknown[] = Array.isArray(earlier) ? earlier : []
  if (before.length >= VALUES_MAX) throw new InvalidArgumentError(`More than ${VALUES_MAX} are given by --payload.`)
  return [...before, value]
}

function notesOf({ isRequired, isList, usual }: Field): string {
  const notes = [
    ...(isRequired ? ['required'] : []),
    ...(isList ? ['may be repeated'] : []),
    ...(usual === undefined ? [] : [plain(`default: ${typeof usual === 'string' ? usual : JSON.stringify(usual)}`)]),
  ]
  return notes.length === 0 ? '' : `(${notes.join('; ')})`
}
