/** What a person must mend before the experience can start: its message says what and how. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
}
