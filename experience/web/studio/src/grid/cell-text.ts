/** A value as it is read; nothing is ''. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Types of DuckDB whose values are compared digit by digit. */
export const isFigure = (type: string): boolean => /^(U?(TINY|SMALL|BIG|HUGE)?INT|DECIMAL|DOUBLE|FLOAT)/.test(type)
