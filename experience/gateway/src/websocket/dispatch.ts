// Which part of a socket does what was asked.

import type { Call, CallMessage } from './call.ts'
import type { Following } from './following.ts'
import type { Line } from './line.ts'
import type { Request } from './messages.ts'
import type { Proof } from './proof.ts'
import type { Requests } from './requests.ts'
import type { Uploads } from './uploads.ts'

export interface Parts {
  line: Line
  proof: Proof
  requests: Requests
  following: Following
  uploads: Uploads
}

export type Read = { call: Call; message: CallMessage } | { call: null; message: Request }

/** Begins it. What goes wrong later is told when it does. @throws ProblemError if it cannot even be begun */
export function dispatch(parts: Parts, { call, message }: Read): void {
  if (call !== null) parts.requests.call(call, message)
  else begin(parts, message)
}

function begin({ line, proof, requests, following, uploads }: Parts, message: Request): void {
  switch (message.type) {
    case 'hello':
      return void greet(line, message)
    case 'authenticate':
      return void proof.authenticate(message)
    case 'ping':
      return line.outbox.post({ type: 'pong', id: message.id })
    case 'submit':
      return requests.submit(message)
    case 'query':
      return requests.query(message)
    case 'list_capabilities':
      return requests.listCapabilities(message)
    case 'subscribe':
      return following.subscribe(message)
    case 'unsubscribe':
      return following.unsubscribe(message)
    case 'upload':
      return uploads.begin(message)
    case 'upload_end':
      return uploads.finish(message.id)
    case 'upload_cancel':
      return uploads.cancel(message.id)
    default:
      return message satisfies never
  }
}

async function greet(
  { presence, outbox, fail }: Line,
  { id, tenant_id }: Extract<Request, { type: 'hello' }>,
): Promise<void> {
  try {
    await presence.greet(tenant_id)
    outbox.post({ type: 'welcome', id, tenant_id })
  } catch (error) {
    fail(error, { id })
  }
}
