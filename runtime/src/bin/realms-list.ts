// Adds a realm to the list in the text of a configuration, and leaves every other character as it is: comments and format are the
// team's. It reads just enough of the language to find `realms: [ … ]`; whoever calls it loads the outcome before trusting it.

interface Token {
  text: string
  start: number
  end: number
}

/** Comments, strings, words, and any other character that is not space. */
const TOKEN = /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[^]|[^`\\])*`|[\w$]+|\S/g
const COMMENT = /^\/[/*]/
const KEY = /^(realms|'realms'|"realms")$/

/** As long as a line may get before its list is broken into one line for each. */
const LINE_CHARS_MAX = 120

/** The text with `specifier` as the last of its realms; null if it has no such list. */
export function addToRealms(text: string, specifier: string): string | null {
  const list = findList(text)
  if (list === null) return null
  const { open, inside, close } = list
  const last = inside.at(-1) ?? open
  const element = inside.at(last.text === ',' ? -2 : -1)
  const quote = element?.text.startsWith('"') ? '"' : "'"
  const item = `${quote}${specifier}${quote}`
  const head = text.slice(0, last.end) + (element === undefined || last.text === ',' ? '' : ',')
  const between = text.slice(last.end, close.start)
  const tail = text.slice(close.start)
  const ownLine = /(\r?\n)([ \t]*)$/.exec(between)
  if (ownLine !== null) {
    // The bracket has a line of its own, so the realm gets one too, behind whatever comments are there.
    const [, newline = '', outer = ''] = ownLine
    const indent = element === undefined ? `${outer}  ` : indentAt(text, element.start)
    return `${head}${between.slice(0, between.length - outer.length)}${indent}${item},${newline}${outer}${tail}`
  }
  const words = between.trimEnd()
  const added = `${head}${words}${element === undefined ? '' : ' '}${item}${between.slice(words.length)}${tail}`
  return lineAt(added, open.start).length > LINE_CHARS_MAX ? (broken(text, list, item) ?? added) : added
}

/** With a line for each realm; null if there is more between the brackets than names. */
function broken(text: string, { open, inside, close }: List, item: string): string | null {
  const names = inside.filter((token) => token.text !== ',').map((token) => token.text)
  const isPlain = text.slice(open.end, close.start).replaceAll(/[\s,]/g, '') === names.join('').replaceAll(/[\s,]/g, '')
  if (!isPlain || !names.every((name) => /^['"]/.test(name))) return null
  const indent = indentAt(text, open.start)
  const lines = [...names, item].map((name) => `${indent}  ${name},\n`)
  return `${text.slice(0, open.end)}\n${lines.join('')}${indent}${text.slice(close.start)}`
}

interface List {
  open: Token
  inside: Token[]
  close: Token
}

function findList(text: string): List | null {
  const tokens = tokensOf(text)
  const textAt = (index: number) => tokens[index]?.text ?? ''
  const key = tokens.findIndex((_, at) => KEY.test(textAt(at)) && textAt(at + 1) === ':' && textAt(at + 2) === '[')
  const from = key + 2
  const open = key === -1 ? undefined : tokens[from]
  if (open === undefined) return null
  let depth = 0
  for (const [index, close] of tokens.slice(from).entries()) {
    if (/^[[({]$/.test(close.text)) depth++
    if (/^[\])}]$/.test(close.text)) depth--
    if (depth === 0) return { open, inside: tokens.slice(from + 1, from + index), close }
  }
  return null
}

const tokensOf = (text: string): Token[] =>
  Array.from(text.matchAll(TOKEN), (found) => ({
    text: found[0],
    start: found.index,
    end: found.index + found[0].length,
  })).filter((token) => !COMMENT.test(token.text))

const lineAt = (text: string, place: number): string =>
  text.slice(text.lastIndexOf('\n', place) + 1).split('\n', 1)[0] ?? ''

const indentAt = (text: string, place: number): string => /^[ \t]*/.exec(lineAt(text, place))?.[0] ?? ''
