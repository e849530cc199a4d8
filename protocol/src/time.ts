// Moments on the wire: RFC 3339 in UTC, to the millisecond (docs/protocol.md §3).

/** `ms` is milliseconds since 1970. */
export const timeOf = (ms: number): string => new Date(ms).toISOString()
export const msOf = (time: string): number => Date.parse(time)
