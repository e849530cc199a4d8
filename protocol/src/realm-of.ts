// The first part of a type is its realm (docs/protocol.md §2).

export const realmOf = (type: string): string => type.slice(0, type.indexOf('.'))
