// Server-sent events out of a response's bytes. Written out because EventSource can neither send a token nor be stopped by
// a signal, and says nothing of the offset it will resume from.

export interface ServerSentEvent {
  /** `message` if the stream names none. */
  event: string
  data: string
}

/** A batch of events is one line; at most 1,000 entries are in it. */
const MAX_LINE_CHARS = 64 * 1024 * 1024

/** Yields each complete event; one that the connection broke off is not given. */
export async function* parseEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  let event = ''
  let data: string[] = []
  for await (const line of linesOf(bytes)) {
    if (line === '') {
      if (data.length > 0) yield { event: event || 'message', data: data.join('\n') }
      event = ''
      data = []
      continue
    }
    const [field, value] = fieldOf(line)
    if (field === 'event') event = value
    if (field === 'data') data.push(value)
  }
}

/** A comment is a field without a name. One space after the colon belongs to the colon. */
function fieldOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  if (colon === -1) return [line, '']
  return [line.slice(0, colon), line.slice(line.startsWith(' ', colon + 1) ? colon + 2 : colon + 1)]
}

/** Lines end in \n, \r\n or \r. A \r at the end of a chunk waits for the next, which may begin with its \n. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let begun = ''
  let held = ''
  for await (const chunk of bytes) {
    const text = held + decoder.decode(chunk, { stream: true })
    held = text.endsWith('\r') ? '\r' : ''
    const [first = '', ...others] = text.slice(0, text.length - held.length).split(/\r\n|\n|\r/)
    begun += first
    if (begun.length > MAX_LINE_CHARS) throw new Error(`A line of more than ${MAX_LINE_CHARS} characters was sent.`)
    for (const next of others) {
      yield begun
      begun = next
    }
  }
}

/** The chunks of a stream; leaving the loop cancels it. (Not every browser iterates streams itself.) */
export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel()
  }
}
