// Text that goes into SQL. Everything a file or a person names passes through one of these.

/** An identifier, whatever it holds. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A string literal. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

export const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`

/** Not `IN`: DuckDB makes a join of a long one, and a table of many columns a chain of joins that took seconds to plan. */
export const isOneOf = (expression: string, values: readonly string[]): string =>
  `list_contains(${list(values)}, ${expression})`
