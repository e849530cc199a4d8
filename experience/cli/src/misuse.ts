// What the parser of the command line says, as this program says what went wrong.

import { plain } from './terminal/text.ts'

const REWRITTEN: readonly [pattern: RegExp, words: string][] = [
  [/^option '(?:-\w, )?(--[^ ']+)[^']*' argument '(.*?)' is invalid\. /s, '$1 $2 cannot be used. '],
  [/^command-argument value '(.*?)' is invalid for argument '(.*?)'\. /s, '<$2> cannot be $1. '],
  [
    /^option '(?:-\w, )?(--[^ ']+)[^']*' cannot be used with option '(--[^ ']+)[^']*'/s,
    '$1 and $2 exclude each other.',
  ],
]

export function misuseOf(text: string): string {
  const said = text.replace(/^error: /, '')
  const told = plain(
    REWRITTEN.reduce((words, [pattern, replacement]) => words.replace(pattern, replacement), said),
  ).trim()
  const whole = /[.)?]$/.test(told) ? told : `${told}.`
  return whole.charAt(0).toUpperCase() + whole.slice(1)
}
