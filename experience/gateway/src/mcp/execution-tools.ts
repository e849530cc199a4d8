// The tools that are there whatever the realms have: for work that goes on after its call has answered. A payload's schema is not
// theirs to know; the runtime says what fits.

import { Because, Cancel, ExecutionId, SignalExecution, Status } from '@biplane/protocol'
import * as z from 'zod'

import { given } from '../kit/given.ts'
import { builtIn } from './built-in-tool.ts'
import { waitIn } from './capability-arguments.ts'
import { eventsRead } from './events-tool.ts'
import type { McpLimits } from './limits.ts'
import { outcomeAnswer, outcomeSchema } from './outcome.ts'
import { answer } from './tool-answer.ts'
import type { Tool } from './tool.ts'
import { watchFromHere } from './watch.ts'

const execution_id = ExecutionId.describe('As an earlier answer named it.')
const { reason } = Because.shape
const { name, payload, signal_id } = SignalExecution.shape
const why = { execution_id, reason: reason.describe('Why; it is kept in the log.') }

export const builtInTools = (limits: McpLimits): Tool[] => [
  executionStatus,
  executionResult(limits),
  executionCancel,
  executionApprove,
  executionSignal,
  eventsRead,
]

/** Loose, as all that a newer runtime may say more in. */
const Standing = z.looseObject({
  execution_id: z.string(),
  session_id: z.string(),
  intent_type: z.string(),
  status: Status,
  compensated: z.boolean(),
  error: z.looseObject({ code: z.string(), message: z.string() }).nullable(),
  waits_for: z.string().nullable(),
  steps: z.array(z.looseObject({ name: z.string(), status: z.string() })),
  awaits: z.array(z.looseObject({ name: z.string() })),
})
const Asked = z.looseObject({ execution_id: z.string(), status: Status })

const executionStatus = builtIn({
  name: 'execution_status',
  title: 'See how an execution stands',
  description: 'Its status, its steps, what it waits for, and its error if it has one. Does not wait.',
  takes: z.strictObject({ execution_id }),
  gives: Standing,
  annotations: { readOnlyHint: true },
  async run({ execution_id }, { client, gone }) {
    const { payload: _, result: __, ...standing } = await client.execution(execution_id, { signal: gone })
    return answer(standing)
  },
})

const executionResult = (limits: McpLimits) =>
  builtIn({
    name: 'execution_result',
    title: 'Wait for the result of an execution',
    description: `Answers when it has ended, when it begins to wait for an approval or a signal, or after wait_s seconds (${limits.waitS} if absent, at most ${limits.waitSMax}). Call it again to wait on.`,
    takes: z.strictObject({ execution_id, wait_s: waitIn(limits) }),
    gives: outcomeSchema({}),
    annotations: { readOnlyHint: true },
    async run({ execution_id, wait_s: waitMs }, call) {
      const execution = await watchFromHere(call, execution_id, waitMs)
      return outcomeAnswer({ accepted: execution, execution }, limits.linksMax)
    },
  })

const executionCancel = builtIn({
  name: 'execution_cancel',
  title: 'Cancel an execution',
  description:
    'Asks it to end. What its steps did is taken back where they can. It ends soon after: execution_result tells how.',
  takes: z.strictObject({
    ...why,
    mode: Cancel.shape.mode.describe('kill does not let it finish by itself; it is undone all the same.'),
  }),
  gives: Asked,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  run: async ({ execution_id, ...because }, { client, gone }) =>
    answer(await client.cancel(execution_id, { ...given(because), signal: gone })),
})

const executionApprove = builtIn({
  name: 'execution_approve',
  title: 'Decide an approval that an execution waits for',
  description:
    'Hands on the decision of whoever may decide: ask them first, and never decide for them. The first decision counts.',
  takes: z.strictObject({
    ...why,
    name: name.describe('Of the approval, as awaits names it.'),
    approved: z.boolean().describe('false refuses it.'),
  }),
  gives: Asked,
  annotations: { readOnlyHint: false, idempotentHint: true },
  async run({ execution_id, name, approved, reason }, { client, gone }) {
    const decide = approved ? client.approve : client.refuse
    return answer(await decide(execution_id, name, { ...given({ reason }), signal: gone }))
  },
})

const executionSignal = builtIn({
  name: 'execution_signal',
  title: 'Tell an execution something that it waits for',
  description: 'A signal that comes before it is waited for is kept. The same signal_id again changes nothing.',
  takes: z.strictObject({ ...why, name: name.describe('Of the signal, as awaits names it.'), payload, signal_id }),
  gives: Asked,
  annotations: { readOnlyHint: false },
  run: async ({ execution_id, name, payload, signal_id: id, reason }, { client, gone }) =>
    answer(await client.signal(execution_id, name, { ...given({ payload, id, reason }), signal: gone })),
})
