// What is read over HTTP as a Durable Stream (docs/protocol.md §6). A place is a count of what lies before it, in whatever unit the
// stream counts: 0 is the start, and an offset on the wire is a place in writing. The reader in http/ knows nothing else of a
// stream, so one reader serves them all.

export interface Stream<Message = string> {
  /** Names it among all streams, those before it at its address included; of visible ASCII without quotes, for ETags. */
  readonly id: string
  readonly framing: Framing<Message>
  head(): Promise<Head>
  /** What is behind a place that is not beyond the end: as much as one answer takes. */
  read(after: number): Promise<Part<Message>>
  /** Resolves when the stream goes beyond `after`, or closes, or `signal` aborts; also when nobody knows which. */
  wait(after: number, signal: AbortSignal): Promise<void>
}

export interface Head {
  /** The place of its end. */
  last: number
  closed: boolean
}

export interface Part<Message> {
  messages: readonly Message[]
  /** Where to go on. It may lie behind places of which nothing is shown. */
  next: number
  /** Nothing more was there. */
  upToDate: boolean
  /** It is closed, and this was the last of it. */
  closed: boolean
}

/** How messages are written. */
export interface Framing<Message> {
  contentType: string
  /** In bytes, so that nothing on the way adds to their type. */
  body(messages: readonly Message[]): Buffer
  /** The data of one server-sent event. */
  text(messages: readonly Message[]): string
  /** If the text is not the body's own: how it says the body's bytes. */
  encoding?: 'base64'
}
