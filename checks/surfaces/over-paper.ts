// The surface that was written from the paper, as its people use it.

import { type Accepted, type Batch, type Fields, type Intent, type Surface, completed, handOver } from './surface.ts'
import type { Teleprinter } from './teleprinter.ts'

const WAIT_S = 60

export function overPaper({ answers }: Teleprinter): Surface {
  async function call(verb: string, given: Fields): Promise<Fields> {
    for await (const answer of answers(verb, given)) return answer
    throw new Error('It was gone before it answered.')
  }

  async function act({ type, payload, session_id }: Intent, wait_s: number): Promise<Fields> {
    const fields = await handOver(payload, async (file) => {
      return call('store', { name: file.name, media_type: file.type, text: await file.text() })
    })
    const session = session_id ?? ((await call('open', {}))['session'] as Accepted).session_id
    return call('submit', { type, payload: fields, session_id: session, wait_s })
  }

  return {
    name: 'a surface written from the protocol alone',
    async submit(intent) {
      const { session_id, execution_id } = await act(intent, 0)
      return { session_id, execution_id } as Accepted
    },
    async complete(intent) {
      return completed(await act(intent, WAIT_S))
    },
    async *read(session_id, offset, left) {
      for await (const { type, ...message } of answers('follow', { session_id, offset }, left)) {
        if (type === 'event') yield { events: [message['event']], offset: message['offset'] } as Batch
      }
    },
    approve: (execution_id, name, reason) => call('approve', { execution_id, name, reason }),
    ask: (type, payload) => call('ask', { type, payload }),
  }
}
