// Colours and weights. They are put in always, and taken out again where the stream that is written to does not show them.

import { stripVTControlCharacters, styleText } from 'node:util'

const style = (format: 'bold' | 'dim' | 'green' | 'red' | 'yellow') => (text: string) =>
  styleText(format, text, { validateStream: false })

export const bold = style('bold')
export const dim = style('dim')
export const good = style('green')
export const bad = style('red')
export const careful = style('yellow')

/** The text as this stream can show it: NO_COLOR, FORCE_COLOR and TERM=dumb are obeyed. */
export const asShown = (text: string, stream: NodeJS.WriteStream): string =>
  showsColours(stream) ? text : stripVTControlCharacters(text)

function showsColours(stream: NodeJS.WriteStream): boolean {
  if (stream.isTTY) return stream.hasColors()
  const { FORCE_COLOR: forced = '0', NO_COLOR: none = '' } = process.env
  return none === '' && !['0', 'false'].includes(forced)
}
