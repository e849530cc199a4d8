// How a field is named as an option.

import type { Capability } from '@biplane/protocol'
import { Command } from 'commander'

import { addPayloadOption } from '../intent/payload.ts'
import { addQueryOptions } from '../intent/query.ts'
import { addSubmitOptions } from '../intent/submit.ts'
import { addGlobalOptions } from '../place.ts'
import type { Field } from './fields.ts'

const FLAG = /^[a-zA-Z][\w.-]*$/

/** Adds what a command of this kind takes beside the fields of its payload. */
export const addOwnOptions = (command: Command, kind: Capability['kind']): Command =>
  addPayloadOption(kind === 'intent' ? addSubmitOptions(command) : addQueryOptions(command))

/** Options of the program, which are taken anywhere, and of the command itself. */
const TAKEN = {
  intent: namesOf(addOwnOptions(addGlobalOptions(new Command()), 'intent')),
  query: namesOf(addOwnOptions(addGlobalOptions(new Command()), 'query')),
}

function namesOf({ options }: Command): ReadonlySet<string> {
  return new Set(['--help', '--version', ...options.flatMap(({ long }) => (long ? [long] : []))])
}

/**
 * `--content-ids`; `--payload.json` where an option of that name is there already; null where no option can have the name: then it
 * is given by --payload alone.
 */
export function flagOf({ path }: Pick<Field, 'path'>, kind: Capability['kind']): string | null {
  const name = path.join('.').replaceAll('_', '-')
  if (!FLAG.test(name)) return null
  return TAKEN[kind].has(`--${name}`) || name.startsWith('no-') ? `--payload.${name}` : `--${name}`
}
