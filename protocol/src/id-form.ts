// The 26 characters behind the prefix of an id (docs/protocol.md §1).

/** Crockford's base32 in lower case. */
export const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
export const TIME_CHARS = 10
export const RANDOM_CHARS = 16
