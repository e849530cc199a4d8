// A map that forgets what was not used for the longest time, so that whoever calls cannot make it grow.

export interface BoundedMap<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
}

export function createBoundedMap<V>(entriesMax: number): BoundedMap<V> {
  // A Map keeps the order in which its keys were set: what was used last stands last.
  const entries = new Map<string, V>()
  function set(key: string, value: V): void {
    entries.delete(key)
    entries.set(key, value)
    if (entries.size <= entriesMax) return
    const [oldest] = entries.keys()
    if (oldest !== undefined) entries.delete(oldest)
  }
  return {
    set,
    get(key) {
      const value = entries.get(key)
      if (value !== undefined) set(key, value)
      return value
    },
  }
}
