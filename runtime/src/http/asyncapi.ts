// The AsyncAPI 3.0 document of the WebSocket (docs/protocol.md §6), made from the schemas that it reads and writes by. It is told
// from the runtime's side, as AsyncAPI has it: what a client sends is received.

import { SocketMessage, SocketRequest } from '@biplane/protocol'
import * as z from 'zod'

type Json = { [name: string]: unknown }

const CHANNEL = { $ref: '#/channels/events' }

/** `address`: where the socket is opened. */
export function asyncApiOf(address: string): Json {
  const requests = SocketRequest.options.map((schema) => described(schema, 'input'))
  const answers = SocketMessage.options.map((schema) => described(schema, 'output'))
  const all = [...requests, ...answers]
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Biplane Runtime Plane: the socket',
      version: '0.1.0',
      description: 'The logs of many sessions on one connection. See docs/protocol.md, section 6.',
    },
    defaultContentType: 'application/json',
    channels: {
      events: {
        address,
        messages: Object.fromEntries(all.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }])),
        bindings: { ws: { method: 'GET' } },
      },
    },
    operations: {
      ...Object.fromEntries(requests.map(({ name }) => [name, operation('receive', [name])])),
      deliver: operation(
        'send',
        answers.map(({ name }) => name),
      ),
    },
    components: {
      messages: Object.fromEntries(all.map(({ name }) => [name, { name, payload: { $ref: schemaAt(name) } }])),
      schemas: Object.fromEntries(all.map(({ name, schema }) => [name, schema])),
    },
  }
}

const schemaAt = (name: string): string => `#/components/schemas/${name}`

/** Under the type that the message says. AsyncAPI reads schemas as draft 7, and references from the root of the document. */
function described(schema: z.ZodObject, io: 'input' | 'output'): { name: string; schema: Json } {
  const name = String((schema.shape['type'] as z.ZodLiteral).value)
  const { $schema: _, ...text } = z.toJSONSchema(schema, { io, target: 'draft-7' })
  const placed = JSON.parse(JSON.stringify(text), (key, value: unknown) =>
    key === '$ref' ? String(value).replace('#', schemaAt(name)) : value,
  ) as Json
  return { name, schema: placed }
}

const operation = (action: 'receive' | 'send', messages: string[]): Json => ({
  action,
  channel: CHANNEL,
  messages: messages.map((name) => ({ $ref: `${CHANNEL.$ref}/messages/${name}` })),
})
