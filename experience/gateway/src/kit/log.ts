// The log, as far as our own parts write to it.

type Line = (about: object, line: string) => void

export interface Log {
  error: Line
  warn: Line
  info: Line
}
