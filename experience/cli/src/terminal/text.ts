// Text in the columns of a terminal. What others wrote is made harmless first: a control character would move the cursor or
// change the colours of whoever looks at it, and a bidirectional one the order of what stands beside it.

import stringWidth from 'string-width'

const BIDIRECTIONAL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const graphemes = new Intl.Segmenter()

/** One harmless line. */
export const plain = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').replaceAll(BIDIRECTIONAL, '')

/** The columns that it takes. Colours take none. */
export const widthOf = (text: string): number => stringWidth(text)

/** At most this wide; an ellipsis stands for what is cut off. `text` has no colours. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const { segment } of graphemes.segment(text)) {
    width += widthOf(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return `${kept}…`
}

export function padded(text: string, columns: number, side: 'left' | 'right' = 'right'): string {
  const gap = ' '.repeat(Math.max(0, columns - widthOf(text)))
  return side === 'left' ? gap + text : text + gap
}

/** Lines broken between words. A word that is wider than the screen stays whole: it is an id or an address. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
