// How alike two names of columns are. Words are compared, not letters: `cust_no` and `CustomerID` are the same two words.

/** Words for "identifier"; they say what a column is for and not what it is about. */
const ID_WORDS = new Set([
  'id',
  'ids',
  'key',
  'no',
  'nr',
  'num',
  'number',
  'code',
  'ref',
  'uuid',
  'guid',
  'pk',
  'fk',
  'identifier',
  'nummer',
])

/** Words that mean the same. */
const SYNONYMS: Readonly<Record<string, string>> = {
  cust: 'customer',
  client: 'customer',
  kunde: 'customer',
  kunden: 'customer',
  prod: 'product',
  item: 'product',
  article: 'product',
  artikel: 'product',
  sku: 'product',
  emp: 'employee',
  staff: 'employee',
  dept: 'department',
  org: 'organization',
  company: 'organization',
  ord: 'order',
  auftrag: 'order',
  bestellung: 'order',
  cat: 'category',
  acct: 'account',
  inv: 'invoice',
  supp: 'supplier',
  vendor: 'supplier',
  usr: 'user',
  ctry: 'country',
  land: 'country',
  mail: 'email',
  tel: 'phone',
  zip: 'postcode',
  plz: 'postcode',
  postal: 'postcode',
  datum: 'date',
}

/** Words of a file's name that say nothing of its rows. */
const FILE_WORDS = new Set([
  'csv',
  'tsv',
  'json',
  'ndjson',
  'txt',
  'data',
  'export',
  'table',
  'list',
  'file',
  'dim',
  'fact',
  'tbl',
  'final',
  'copy',
  'new',
])

/** Shorter names are abbreviations of nothing. */
const PREFIX_CHARS_MIN = 3

export interface ColumnWords {
  /** What it is about, with the table's own words if the column names nothing but "identifier". */
  about: string[]
  /** True if it is named as an identifier. */
  isId: boolean
  /** True if only its table says what it is about. */
  isBare: boolean
}

export function columnWords(column: string, table: string): ColumnWords {
  const words = wordsOf(column)
  const about = words.filter((word) => !ID_WORDS.has(word))
  const isId = about.length < words.length
  const isBare = about.length === 0
  return { about: isBare ? tableWords(table) : about, isId, isBare }
}

const tableWords = (table: string): string[] =>
  wordsOf(table).filter((word) => !FILE_WORDS.has(word) && !/^\d+$/.test(word))

function wordsOf(name: string): string[] {
  const parts = name
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
  return parts.flatMap(idSuffix).map((part) => SYNONYMS[part] ?? SYNONYMS[singular(part)] ?? singular(part))
}

/** `customerid` → `customer`, `id`. */
const idSuffix = (part: string): string[] => {
  const match = /^(\p{L}{3,})(id|nr|key)$/u.exec(part)
  return match === null ? [part] : [match[1]!, match[2]!]
}

function singular(word: string): string {
  if (ID_WORDS.has(word) || word.length <= PREFIX_CHARS_MIN) return word
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (/(ss|us|is)$/.test(word)) return word
  if (/(ses|xes|ches|shes)$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

/** 0 to 1: how much of what either is about is in the other. */
export function likeness(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return 0
  const shared = (from: readonly string[], to: readonly string[]) =>
    from.filter((word) => to.some((other) => same(word, other))).length
  return (shared(a, b) + shared(b, a)) / (a.length + b.length)
}

const same = (a: string, b: string): boolean =>
  a === b || (Math.min(a.length, b.length) >= PREFIX_CHARS_MIN && (a.startsWith(b) || b.startsWith(a)))
