// What the supervisor prints.

import { relative } from 'node:path'
import { styleText } from 'node:util'

import type { Addresses } from './supervisor.ts'

const DEFAULT_GATEWAY = 'http://127.0.0.1:8100'
const NAME_COLUMN_CHARS = 12

/** One line of a plane, to stderr. */
export function sayOfPlane(plane: string, line: string): void {
  process.stderr.write(`${styleText('dim', plane.padEnd(NAME_COLUMN_CHARS), { stream: process.stderr })}${line}\n`)
}

/** Where everything is, and what to try next. */
export function banner({ runtime, experience, console }: Addresses, data: string, logs: string): string {
  const strong = (text: string) => styleText('bold', text)
  const faint = (text: string) => styleText('dim', text)
  // A program looks for the gateway at its default address unless it is told.
  const told = experience === DEFAULT_GATEWAY ? '' : `BIPLANE_URL=${experience}/v1 `
  const row = (label: string, value: string, note: string) =>
    `  ${label.padEnd(NAME_COLUMN_CHARS)}${strong(value)}  ${faint(note)}`
  return [
    '',
    strong('Biplane is up: two planes, each in its own processes.'),
    '',
    row('Runtime', runtime, 'executes: sessions, intents, the log'),
    row('Experience', experience, 'delivers: Studio, and /v1, described in /openapi.json'),
    ...(console === null ? [] : [row('Console', console, 'for operators: what runs, and why')]),
    row('Data', nearby(data), `output of all in ${nearby(logs)}`),
    '',
    `Open ${strong(experience)} in a browser, or try next, in another terminal:`,
    '',
    `  ${strong(`${told}npm run demo`)}`,
    `  ${strong(`${told}npm run biplane -- upload FILE`)}`,
    `  ${strong(`curl -F file=@FILE '${experience}/v1/content/upload?tenant_id=demo'`)}`,
    '',
    faint('Ctrl-C stops all of it.'),
    '',
  ].join('\n')
}

/** A path as a person would type it from here. */
function nearby(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere === '' || fromHere.startsWith('..') ? path : fromHere
}
