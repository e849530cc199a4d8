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

/** The text with `specifier` as the last of its realms; null if it has no such list. */
export function addToRealms(text: string, specifier: string): string | null {
  const list = findList(text)
  if (list === null) return null
  const { last, element, close } = list
  const quote = element?.text.startsWith('"') ? '"' : "'"
  const item = `${quote}${specifier}${quote}`
  const head = text.slice(0, last.end) + (element === null || last.text === ',' ? '' : ',')
  const between = text.slice(last.end, close.start)
  const tail = text.slice(close.start)
  const ownLine = /(\r?\n)([ \t]*)$/.exec(between)
  if (ownLine === null) {
    const words = between.trimEnd()
    return `${head}${words}${element === null ? '' : ' '}${item}${between.slice(words.length)}${tail}`
  }
  // The bracket has a line of its own, so the realm gets one too, behind whatever comments are there.
  const [, newline = '', outer = ''] = ownLine
  const indent = element === null ? `${outer}  ` : indentAt(text, element.start)
  return `${head}${between.slice(0, between.length - outer.length)}${indent}${item},${newline}${outer}${tail}`
}

/** `last` is the token before the closing bracket, `element` the last one of a realm: null in an empty list. */
function findList(text: string): { last: Token; element: Token | null; close: Token } | null {
  const tokens = tokensOf(text)
  const textAt = (index: number) => tokens[index]?.text ?? ''
  const key = tokens.findIndex((_, at) => KEY.test(textAt(at)) && textAt(at + 1) === ':' && textAt(at + 2) === '[')
  if (key === -1) return null
  const open = key + 2
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    if (/^[[({]$/.test(textAt(at))) depth++
    if (/^[\])}]$/.test(textAt(at))) depth--
    if (depth > 0) continue
    const elementAt = textAt(at - 1) === ',' ? at - 2 : at - 1
    const [last, close] = [tokens[at - 1], tokens[at]]
    return last && close ? { last, element: elementAt > open ? (tokens[elementAt] ?? null) : null, close } : null
  }
  return null
}

const tokensOf = (text: string): Token[] =>
  Array.from(text.matchAll(TOKEN), (found) => ({
    text: found[0],
    start: found.index,
    end: found.index + found[0].length,
  })).filter((token) => !COMMENT.test(token.text))

const indentAt = (text: string, place: number): string =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', place) + 1))?.[0] ?? ''
