// The AsyncAPI 3.0 document of the socket, made whenever it is asked for: it cannot say what is not so. It is written from the
// gateway's side, as AsyncAPI has it: what a client sends is received.

import { type Capability, SUBPROTOCOL } from '@biplane/protocol'

import { type Described, capabilityMessages, plainMessages, typeOf } from './asyncapi-message.ts'
import { refTo } from './asyncapi-schema.ts'
import { CALLS } from './calls.ts'
import {
  Accepted,
  Authenticated,
  CaughtUp,
  Closed,
  Event,
  Failed,
  NotEnded,
  Pong,
  SOCKET_ADDRESS,
  Stored,
  Welcome,
} from './messages.ts'

type Json = Record<string, unknown>

const CHANNEL = { $ref: '#/channels/socket' }
const FRAME = 'upload_bytes'
const ERROR = typeOf(Failed)
const ACCEPTED = typeOf(Accepted)

/** What answers a message that is neither of a capability nor a call. */
const REPLIES: Record<string, string[]> = {
  hello: [typeOf(Welcome)],
  authenticate: [typeOf(Authenticated)],
  ping: [typeOf(Pong)],
  subscribe: [typeOf(Event), typeOf(CaughtUp), typeOf(Closed)],
  unsubscribe: [],
  upload: [typeOf(Stored)],
  upload_end: [],
  upload_cancel: [],
  list_capabilities: ['list_capabilities.answer'],
}

export function asyncApiOf(capabilities: readonly Capability[]): Json {
  const described = [...plainMessages(), ...capabilities.flatMap(capabilityMessages)]
  const messages = { ...Object.fromEntries(described.map((one) => [one.name, messageOf(one)])), [FRAME]: FRAME_MESSAGE }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Biplane experience: the socket',
      version: '1',
      description: 'Everything that a client can do, on one connection. See docs/protocol.md, section 10.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      socket: {
        address: SOCKET_ADDRESS,
        description: `Messages are JSON texts of the subprotocol ${SUBPROTOCOL}; the bytes of uploads are binary.`,
        messages: Object.fromEntries(
          Object.keys(messages).map((name) => [name, { $ref: `#/components/messages/${name}` }]),
        ),
        bindings: { ws: { method: 'GET', query: QUERY } },
      },
    },
    operations: {
      ...Object.fromEntries(Object.entries(REPLIES).map(([name, replies]) => [name, operation(name, replies)])),
      ...Object.fromEntries([...CALLS].map(([name, call]) => [name, operation(name, [replyTo(name, call)])])),
      ...Object.fromEntries(capabilities.map((capability) => [capability.type, ofCapability(capability)])),
      [FRAME]: operation(FRAME, []),
    },
    components: {
      messages,
      schemas: Object.fromEntries(
        described.flatMap(({ name, schema, parts }) => [[name, schema], ...Object.entries(parts)]),
      ),
    },
  }
}

const QUERY = { type: 'object', properties: { tenant_id: { type: 'string', description: 'As a hello names it.' } } }

const FRAME_MESSAGE = {
  name: FRAME,
  contentType: 'application/octet-stream',
  summary: 'Bytes of an upload: one byte with the length of its id, the id in ASCII, and what the file goes on with',
  payload: { type: 'string', format: 'binary' },
}

const replyTo = (name: string, { isAccepted }: { isAccepted: boolean }): string =>
  isAccepted ? ACCEPTED : `${name}.answer`

const messageOf = ({ name, summary, example }: Described): Json => ({
  name,
  summary,
  payload: refTo(name),
  ...(example === undefined ? {} : { examples: [{ payload: example }] }),
})

const operation = (name: string, replies: readonly string[]): Json => ({
  action: 'receive',
  channel: CHANNEL,
  messages: [inChannel(name)],
  reply: { channel: CHANNEL, messages: [...replies, ERROR].map(inChannel) },
})

function ofCapability({ kind, type, title, description, realm }: Capability): Json {
  const replies = kind === 'intent' ? [ACCEPTED, `${type}.ended`, typeOf(NotEnded)] : [`${type}.answer`]
  return {
    title,
    ...(description === undefined ? {} : { description }),
    tags: [{ name: realm }],
    ...operation(type, replies),
  }
}

const inChannel = (name: string) => ({ $ref: `#/channels/socket/messages/${name}` })
