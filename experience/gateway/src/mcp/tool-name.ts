// The names of tools. `data_mash.create` is the tool `data_mash_create`: hosts of models take letters, digits, `_` and `-` alone.

/**
 * The names of tools by the types they are of. Two types that would share a name both get dashes instead, which no type has, so
 * that a name never means another type than it did. Our own tools begin with realms that nobody may have (`execution_status`).
 */
export function toolNames(types: readonly string[]): Map<string, string> {
  const alike = Map.groupBy(types, plainName)
  return new Map(
    types.map((type) => [type, alike.get(plainName(type))?.length === 1 ? plainName(type) : type.replaceAll('.', '-')]),
  )
}

const plainName = (type: string): string => type.replaceAll('.', '_')
