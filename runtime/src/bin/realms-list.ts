// Adds a line to the list of realms in the text of a configuration, and leaves every other character as it is: comments and format
// are the team's. It reads just enough of the language to find `realms: [ … ]`; whoever calls it loads the outcome before trusting it.

interface Token {
  text: string
  start: number
  end: number
}

/** Comments, then strings, then words, then any other character that is not space. */
const TOKEN = /\/\/[^\n]*|\/\*[^]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[^]|[^`\\])*`|[\w$]+|\S/g
const OPENING = new Set(['[', '(', '{'])
const CLOSING = new Set([']', ')', '}'])

/** The text with `specifier` as the last of its realms; null if it has no such list. */
export function addToRealms(text: string, specifier: string): string | null {
  const list = findList(tokensOf(text))
  if (list === null) return null
  const { before, last, close } = list
  const isEmpty = before === last
  const hasComma = last.text === ','
  const quote = before.text !== '[' && (hasComma ? before : last).text.startsWith('"') ? '"' : "'"
  const line = `${quote}${specifier}${quote}`
  const head = text.slice(0, last.end)
  const between = text.slice(last.end, close.start)
  // A bracket on a line of its own: the new realm gets a line of its own too, behind whatever comments are there.
  const ownLine = /\n([ \t]*)$/.exec(between)
  if (ownLine === null) {
    const gap = isEmpty ? '' : hasComma ? ' ' : ', '
    return `${head}${gap}${line}${between.trim() === '' && !between.includes('\n') ? between : between}${text.slice(close.start)}`
  }
  const outer = ownLine[1] ?? ''
  const inner = isEmpty ? `${outer}  ` : indentAt(text, (hasComma ? before : last).start)
  return `${head}${isEmpty || hasComma ? '' : ','}${between.slice(0, between.length - outer.length)}${inner}${line},\n${outer}${text.slice(close.start)}`
}
