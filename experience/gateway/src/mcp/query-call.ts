// A call of a query's tool: it reads, and is stopped when nobody would hear the answer.

import type { Capability } from '@biplane/protocol'

import { given } from '../kit/given.ts'
import { withFiles } from './artifact-argument.ts'
import { readArguments } from './capability-arguments.ts'
import { isPlainObject } from './json-schema.ts'
import { answer } from './tool-answer.ts'
import type { Tool } from './tool.ts'

export const queryCall =
  (capability: Capability): Tool['call'] =>
  async (args, call) => {
    const { client, gone, station } = call
    const { payload, sessionId } = readArguments(capability, args, station.limits)
    const ready = await withFiles(call, capability, payload)
    const result = await client.query<unknown>(capability.type, ready, { signal: gone, ...given({ sessionId }) })
    const content = isPlainObject(capability.result_schema) ? (result as object) : { result }
    return answer(content, { linksMax: station.limits.linksMax })
  }
