// Names into a question, as SQL takes them.

/** What is written into `text` at `at` for `name`: quoted, since a name may be any, and apart from what stands before it. */
export function insertion(text: string, at: number, name: string): string {
  const before = text.slice(0, at)
  const quoted = `"${name.replaceAll('"', '""')}"`
  if (before.endsWith('"')) return `, ${quoted}`
  return /[\w*)']$/.test(before) ? ` ${quoted}` : quoted
}
