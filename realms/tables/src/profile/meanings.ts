// What a column may mean. Each meaning has a test for single values and words that its name would have. Both are weighed, and
// what speaks against is shown, because a person decides.

import type { ColumnType } from '../infer/column-type.ts'
import { COUNTRY_CODES, COUNTRY_NAMES, CURRENCY_CODES, US_STATES } from './codes.ts'
import type { Meaning } from './profile.ts'

export interface MeaningQuestion {
  name: string
  type: ColumnType
  /** Different values, spread over the column. */
  sample: readonly string[]
  values: number
  nulls: number
  distinct: number
}

interface Rule {
  meaning: string
  types: readonly ColumnType[]
  named: RegExp
  /** True if a value can be this. Without it, only type and name speak. */
  fits?: (value: string) => boolean
  /** The values alone are proof enough; otherwise the name must speak for it too. */
  telling?: boolean
}

const NUMBERS: readonly ColumnType[] = ['integer', 'decimal', 'double']
const TEXT: readonly ColumnType[] = ['text']
const between = (low: number, high: number) => (value: string) => Number(value) >= low && Number(value) <= high
const like = (pattern: RegExp) => (value: string) => pattern.test(value)
const oneOf = (set: ReadonlySet<string>) => (value: string) => set.has(value.toUpperCase())

const RULES: readonly Rule[] = [
  { meaning: 'email', types: TEXT, named: /e.?mail/, fits: like(/^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i), telling: true },
  { meaning: 'url', types: TEXT, named: /url|link|web|site/, fits: like(/^(https?:\/\/|www\.)\S+$/i), telling: true },
  {
    meaning: 'uuid',
    types: TEXT,
    named: /uuid|guid/,
    fits: like(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i),
    telling: true,
  },
  {
    meaning: 'ip_address',
    types: TEXT,
    named: /(^|_)ip(_|$)/,
    fits: like(/^((25[0-5]|2[0-4]\d|1?\d?\d)(\.|$)){4}$/),
    telling: true,
  },
  {
    meaning: 'phone',
    types: ['text', 'integer'],
    named: /phone|mobile|(^|_)(tel|fax|handy|cell)/,
    fits: like(/^\+?[\d\s()./-]{6,20}$/),
  },
  { meaning: 'country_code', types: TEXT, named: /country|land|nation|iso/, fits: oneOf(COUNTRY_CODES), telling: true },
  {
    meaning: 'country',
    types: TEXT,
    named: /country|land$|nation/,
    fits: (value) => COUNTRY_NAMES.has(value.toLowerCase()),
    telling: true,
  },
  { meaning: 'us_state', types: TEXT, named: /state/, fits: oneOf(US_STATES), telling: true },
  { meaning: 'currency_code', types: TEXT, named: /curr|w.hrung|devise/, fits: oneOf(CURRENCY_CODES), telling: true },
  {
    meaning: 'postal_code',
    types: ['text', 'integer'],
    named: /zip|postal|postcode|plz/,
    fits: like(/^(?=.*\d)[a-z0-9][a-z0-9 -]{2,9}$/i),
  },
  { meaning: 'latitude', types: NUMBERS, named: /(^|_)lat(itude)?($|_)/, fits: between(-90, 90) },
  { meaning: 'longitude', types: NUMBERS, named: /(^|_)(lon|lng|long)(gitude|itude)?($|_)/, fits: between(-180, 180) },
  { meaning: 'year', types: ['integer'], named: /year|jahr|ann[eé]e/, fits: between(1000, 2200) },
  { meaning: 'percentage', types: NUMBERS, named: /percent|pct|prozent|rate|share/, fits: between(-100, 100) },
  {
    meaning: 'money',
    types: NUMBERS,
    named: /price|amount|cost|total|revenue|sales|salary|income|gross|budget|preis|betrag|umsatz|summe/,
  },
  { meaning: 'quantity', types: ['integer'], named: /quantity|qty|count|number_of|menge|anzahl/ },
  {
    meaning: 'date_of_birth',
    types: ['date'],
    named: /birth|dob|geburt/,
    fits: (value) => value < new Date().toISOString(),
  },
  {
    meaning: 'gender',
    types: TEXT,
    named: /gender|sex|geschlecht/,
    fits: like(/^(m|f|d|x|male|female|diverse|other|unknown|non-binary|man|woman)$/i),
  },
  {
    meaning: 'person_name',
    types: TEXT,
    named: /(first|last|given|family|full|sur|vor|nach|customer|kunden?).?name|^name$/,
    fits: like(/^\p{L}[\p{L}\p{M}'’. -]+$/u),
  },
  { meaning: 'city', types: TEXT, named: /city|town|^ort$|stadt|ville/, fits: like(/^[^\d]+$/) },
]

const KEY_NAME = /(^|_)(id|key|code|no|nr|num|number|uuid|guid)$|^(id|key)_|id$/
/** Scores below this are not worth a person's time. */
const SCORE_MIN = 0.5
const MEANINGS_MAX = 3
const COUNTER_EXAMPLES_MAX = 3
const EXAMPLE_CHARS_MAX = 60
const VALUE_WEIGHT = 0.7
/** Values of a telling kind need no name, if so many of them agree. */
const TELLING_SHARE_MIN = 0.9

export function findMeanings(question: MeaningQuestion): Meaning[] {
  const name = snake(question.name)
  const found = RULES.filter(({ types }) => types.includes(question.type)).flatMap((rule) =>
    judge(rule, question, name),
  )
  return [...keyMeaning(question, name), ...found]
    .filter(({ score }) => score >= SCORE_MIN)
    .sort((a, b) => b.score - a.score)
    .slice(0, MEANINGS_MAX)
}

const snake = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll(/\W+/g, '_')
    .toLowerCase()

function judge(rule: Rule, { sample }: MeaningQuestion, name: string): Meaning[] {
  const named = rule.named.test(name)
  const { fits } = rule
  if (fits === undefined || sample.length === 0) {
    return named
      ? [{ meaning: rule.meaning, score: SCORE_MIN, evidence: 'Its name says so.', counter_examples: [] }]
      : []
  }
  const against = sample.filter((value) => !fits(value))
  const share = 1 - against.length / sample.length
  if (!named && (rule.telling !== true || share < TELLING_SHARE_MIN)) return []
  const said = named ? ', and its name says so' : ''
  return [
    {
      meaning: rule.meaning,
      score: round(VALUE_WEIGHT * share + (named ? 1 - VALUE_WEIGHT : 0)),
      evidence: `${Math.round(share * 100)}% of ${sample.length} different values look like it${said}.`,
      counter_examples: against
        .slice(0, COUNTER_EXAMPLES_MAX)
        .map((value) => value.slice(0, EXAMPLE_CHARS_MAX).toWellFormed()),
    },
  ]
}

/** A column that tells rows apart. Measurements may do so by chance, so they are left out. */
function keyMeaning({ type, values, nulls, distinct }: MeaningQuestion, name: string): Meaning[] {
  if (values < 2 || type === 'double' || type === 'boolean' || type === 'time') return []
  const uniqueness = distinct / values
  const named = KEY_NAME.test(name)
  const filled = values / (values + nulls)
  const score = round(uniqueness ** 2 * filled * (named ? 1 : type === 'text' || type === 'integer' ? 0.6 : 0.4))
  const repeated = values - distinct
  const counted = repeated === 0 ? 'Every value is different' : `${repeated} of ${values} values repeat another`
  return [
    { meaning: 'key', score, evidence: `${counted}${named ? ', and its name says so' : ''}.`, counter_examples: [] },
  ]
}

const round = (score: number): number => Math.round(score * 1000) / 1000
