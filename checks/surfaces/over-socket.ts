// One WebSocket for everything: bytes, intents, events, decisions and questions (docs/protocol.md §10).

import { SocketLine } from './socket-line.ts'
import { type Accepted, type Batch, type Fields, type Intent, type Surface, completed, handOver } from './surface.ts'

const WAIT_MS = 60_000

export function overSocket(url: string): Surface {
  const line = new SocketLine(url)

  async function messageOf({ type, payload, ...session }: Intent) {
    const fields = await handOver(payload, (file) => line.upload(file))
    return { type: 'submit', intent_type: type, payload: fields, ...session }
  }

  return {
    name: 'the WebSocket alone',
    async submit(intent) {
      const { session_id, execution_id } = await line.ask(await messageOf(intent), 'accepted')
      return { session_id, execution_id } as Accepted
    },
    async complete(intent) {
      return completed(await line.ask({ ...(await messageOf(intent)), wait_ms: WAIT_MS }, 'ended'))
    },
    async *read(session_id, offset, left) {
      left.addEventListener('abort', () => line.tell({ type: 'unsubscribe', session_id }))
      for await (const { type, ...heard } of line.say({ type: 'subscribe', session_id, offset }, left)) {
        if (type !== 'event' || heard['session_id'] !== session_id) continue
        yield { events: [heard['event']], offset: heard['offset'] } as Batch
      }
    },
    approve: (execution_id, name, reason) =>
      line.ask({ type: 'approve', execution_id, name, approved: true, reason }, 'answer'),
    async ask(query_type, payload) {
      return (await line.ask({ type: 'query', query_type, payload }, 'answer'))['answer'] as Fields
    },
  }
}
