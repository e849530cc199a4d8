// The tools of the suite's reference server that no realm can have: answers that are not JSON, and asking the client back.

import { randomBytes } from 'node:crypto'

import {
  CLIENT_CAPABILITIES_META_KEY,
  type CallToolResult,
  type InputRequiredResult,
  type InputRequests,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
  acceptedContent,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server'

import { audio, embedded, image, text } from './reference-content.ts'

type Run = (context: ServerContext) => Promise<CallToolResult | InputRequiredResult>

const codec = createRequestStateCodec<{ round: number }>({ key: randomBytes(32) })

const done = (words: string): CallToolResult => ({ content: [text(words)] })

const question = (message: string, field: string) =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: 'object', properties: { [field]: { type: 'string' } }, required: [field] },
  })

const sampling = (words: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(words) }], maxTokens })

const answered = ({ mcpReq }: ServerContext, ...keys: string[]): boolean =>
  keys.every((key) => inputResponse(mcpReq.inputResponses, key).kind !== 'missing')

/** Which round the client says it is in: 0 if it says nothing. @throws ProtocolError if it did not get that from here */
async function roundIn(context: ServerContext): Promise<number> {
  const state = context.mcpReq.requestState<string>()
  if (state === undefined) return 0
  try {
    return (await codec.verify(state, context)).round
  } catch (cause) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid requestState: ${String(cause)}`)
  }
}

/** Asks all of `inputRequests` at once, with a state that must come back. */
const asking =
  (inputRequests: InputRequests, words: string): Run =>
  async (context) => {
    const isBack = (await roundIn(context)) === 1 && answered(context, ...Object.keys(inputRequests))
    return isBack ? done(words) : inputRequired({ inputRequests, requestState: await codec.mint({ round: 1 }) })
  }

const asksName: Run = async (context) => {
  const name = acceptedContent<{ name: string }>(context.mcpReq.inputResponses, 'user_name')?.name
  if (typeof name === 'string') return done(`Hello, ${name}!`)
  return inputRequired({ inputRequests: { user_name: question('What is your name?', 'name') } })
}

const asksTwice: Run = async (context) => {
  const round = await roundIn(context)
  if (round === 2 && answered(context, 'step2')) return done('Both rounds were answered.')
  const isSecond = round === 1 && answered(context, 'step1')
  return inputRequired({
    inputRequests: isSecond
      ? { step2: question('Step 2: What is your favorite color?', 'color') }
      : { step1: question('Step 1: What is your name?', 'name') },
    requestState: await codec.mint({ round: isSecond ? 2 : 1 }),
  })
}

const asksSampling: Run = async (context) => {
  const response = inputResponse(context.mcpReq.inputResponses, 'capital_question')
  if (response.kind === 'sampling') return done(JSON.stringify(response.result.content))
  return inputRequired({ inputRequests: { capital_question: sampling('What is the capital of France?', 100) } })
}

const asksRoots: Run = async (context) => {
  const response = inputResponse(context.mcpReq.inputResponses, 'client_roots')
  if (response.kind === 'roots') return done(response.roots.map(({ uri }) => uri).join(' '))
  return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } })
}

/** Asks for what the client says that it can do, and for nothing else. */
const asksWhatItMay: Run = async (context) => {
  const envelope = (context.mcpReq.envelope ?? {}) as Record<string, object>
  const can = envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}
  if (answered(context, 'question') || answered(context, 'user_name')) return done('It was answered.')
  const inputRequests: InputRequests = {
    ...('elicitation' in can ? { user_name: question('What is your name?', 'name') } : {}),
    ...('sampling' in can ? { question: sampling('Say something.', 50) } : {}),
  }
  return Object.keys(inputRequests).length === 0 ? done('Nothing can be asked.') : inputRequired({ inputRequests })
}

const confirm = { confirm: question('Please confirm', 'ok') }

export const REFERENCE_TOOLS: ReadonlyMap<string, Run> = new Map<string, Run>([
  ['test_image_content', async () => ({ content: [image] })],
  ['test_audio_content', async () => ({ content: [audio] })],
  [
    'test_embedded_resource',
    async () => ({
      content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
    }),
  ],
  [
    'test_multiple_content_types',
    async () => ({
      content: [
        text('Multiple content types test:'),
        image,
        embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
      ],
    }),
  ],
  // No server of ours logs to a client.
  ['test_logging_tool', async () => done('Nothing was logged.')],
  [
    'test_missing_capability',
    async () => inputRequired({ inputRequests: { question: sampling('Say something.', 50) } }),
  ],
  ['test_streaming_elicitation', async () => inputRequired({ inputRequests: confirm })],
  ['test_input_required_result_elicitation', asksName],
  ['test_input_required_result_sampling', asksSampling],
  ['test_input_required_result_list_roots', asksRoots],
  ['test_input_required_result_request_state', asking(confirm, 'state-ok')],
  ['test_input_required_result_tampered_state', asking(confirm, 'state-ok')],
  ['test_input_required_result_multi_round', asksTwice],
  ['test_input_required_result_capabilities', asksWhatItMay],
  [
    'test_input_required_result_multiple_inputs',
    asking(
      {
        user_name: question('What is your name?', 'name'),
        greeting: sampling('Generate a greeting', 50),
        client_roots: inputRequired.listRoots(),
      },
      'All were answered.',
    ),
  ],
])
