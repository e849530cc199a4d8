// As much of Markdown as the checks read: headings, tables, code spans and links.

export interface Table {
  /** The heading that it stands under. */
  heading: string
  header: string[]
  rows: string[][]
}

const HEADING = /^#{1,6} +(.*?)\s*$/
const RULE_ROW = /^\|[\s:|-]+\|$/

export function tablesOf(markdown: string): Table[] {
  const tables: Table[] = []
  let heading = ''
  let table: Table | null = null
  for (const line of linesOutsideFences(markdown)) {
    heading = HEADING.exec(line)?.[1] ?? heading
    if (!line.startsWith('|')) table = null
    else if (table === null) tables.push((table = { heading, header: cellsOf(line), rows: [] }))
    else if (!RULE_ROW.test(line)) table.rows.push(cellsOf(line))
  }
  return tables
}

/** The table under `heading` whose first column is called `column`. */
export function tableUnder(markdown: string, heading: string, column: string): Table {
  const table = tablesOf(markdown).find((one) => one.heading === heading && one.header[0] === column)
  if (table === undefined) throw new Error(`There is no table of "${column}" under the heading "${heading}".`)
  return table
}

export interface Section {
  title: string
  level: number
  body: string
}

/** Each heading with the text up to the next heading of any level. */
export function sectionsOf(markdown: string): Section[] {
  const sections: Section[] = []
  for (const line of linesOutsideFences(markdown)) {
    const title = HEADING.exec(line)?.[1]
    const last = sections.at(-1)
    if (title !== undefined) sections.push({ title, level: line.indexOf(' '), body: '' })
    else if (last !== undefined) last.body += `${line}\n`
  }
  return sections
}

export const codeSpansOf = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')

/** Targets of links and images, such as `docs/errors.md#anchor`. */
export const linksOf = (markdown: string): string[] =>
  linesOutsideFences(markdown).flatMap((line) =>
    [...line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? ''),
  )

/** The code blocks of one language. */
export const fencesOf = (markdown: string, language: string): string[] =>
  markdown
    .split(/^```/m)
    .filter((part, i) => i % 2 === 1 && part.startsWith(`${language}\n`))
    .map((part) => part.slice(language.length + 1))

/** The anchor that a heading has on the usual hosts. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-')

function linesOutsideFences(markdown: string): string[] {
  let fenced = false
  return markdown.split('\n').filter((line) => {
    const fence = line.startsWith('```')
    if (fence) fenced = !fenced
    return !fence && !fenced
  })
}

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
