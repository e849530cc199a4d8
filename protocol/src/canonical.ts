// Canonical JSON (docs/protocol.md §4): the same value always gives the same text, so that two bodies can be compared by a hash.

/** Keys sorted by code unit, no white space. `value` must be JSON of bounded depth. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const object = value as Record<string, unknown>
    const fields = Object.keys(object)
      .filter((key) => object[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(object[key])}`)
    return `{${fields.join(',')}}`
  }
  return JSON.stringify(value)
}
