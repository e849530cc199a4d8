// Codes that the world has agreed on, as far as the JavaScript engine knows them.

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** ISO 3166 codes of two letters. */
export const COUNTRY_CODES: ReadonlySet<string> = new Set(
  LETTERS.flatMap((a) => LETTERS.map((b) => a + b)).filter(
    (code) => regions.of(code) !== undefined && !/^(EU|EZ|UN|XA|XB|ZZ|QO)$/.test(code),
  ),
)

export const COUNTRY_NAMES: ReadonlySet<string> = new Set([
  ...[...COUNTRY_CODES].map((code) => regions.of(code)!.toLowerCase()),
  'usa',
  'uk',
  'great britain',
  'czech republic',
])

/** ISO 4217. */
export const CURRENCY_CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))

export const US_STATES: ReadonlySet<string> = new Set(
  'AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY PR'.split(
    ' ',
  ),
)
