// How a field is named as an option.

import type { Capability } from '@biplane/protocol'
import { Command, Option } from 'commander'

import { addPayloadOption } from '../intent/payload.ts'
import { addQueryOptions } from '../intent/query.ts'
import { addSubmitOptions } from '../intent/submit.ts'
import { addGlobalOptions } from '../place.ts'
import type { Field } from './fields.ts'

const FLAG = /^[a-zA-Z][\w.-]*$/

/** Adds what a command of this kind takes beside the fields of its payload. */
export const addOwnOptions = (command: Command, kind: Capability['kind']): Command =>
  addPayloadOption(kind === 'intent' ? addSubmitOptions(command) : addQueryOptions(command))

/** What options of the program, which are taken anywhere, and of the command itself are kept under. */
const TAKEN = {
  intent: attributesOf(addOwnOptions(addGlobalOptions(new Command()), 'intent')),
  query: attributesOf(addOwnOptions(addGlobalOptions(new Command()), 'query')),
}

function attributesOf({ options }: Command): ReadonlySet<string> {
  return new Set(['help', 'version', ...options.map((option) => option.attributeName())])
}

/**
 * `--content-ids`; `--payload.json` where an option of that name is there already; null where no option can have the name: then it
 * is given by --payload alone.
 */
export function flagOf({ path }: Pick<Field, 'path'>, kind: Capability['kind']): string | null {
  const name = path.join('.').replaceAll('_', '-')
  if (!FLAG.test(name)) return null
  const isTaken = name.startsWith('no-') || TAKEN[kind].has(new Option(`--${name}`).attributeName())
  return isTaken ? `--payload.${name}` : `--${name}`
}
