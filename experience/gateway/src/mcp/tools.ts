// All tools: one for each capability, and our own. They are made once for each catalogue that is loaded.

import { type Capability, ProblemError, TenantId } from '@biplane/protocol'
import type { Tool as ListedTool } from '@modelcontextprotocol/server'

import type { Catalogue } from '../kit/catalogue.ts'
import { capabilityTool } from './capability-tool.ts'
import { builtInTools } from './execution-tools.ts'
import { schemaOf } from './json-schema.ts'
import type { McpLimits } from './limits.ts'
import type { Door, Tools } from './station.ts'
import { objectSchema } from './tool.ts'
import { toolNames } from './tool-name.ts'

/** The answer throws ProblemError runtime_unavailable while the catalogue is not known. */
export function createTools(catalogue: Pick<Catalogue, 'capabilities'>, limits: McpLimits): () => Tools {
  const ours = builtInTools(limits)
  let madeOf: readonly Capability[] | null = null
  let made: Tools = new Map()
  return () => {
    const capabilities = catalogue.capabilities()
    if (capabilities === null) {
      throw new ProblemError('runtime_unavailable', 'The runtime has not been reached yet, so its tools are not known.')
    }
    if (capabilities !== madeOf) {
      const tools = [...ofCapabilities(capabilities, limits), ...ours]
      made = new Map(tools.map((tool) => [tool.listed.name, tool]))
      madeOf = capabilities
    }
    return made
  }
}

function ofCapabilities(capabilities: readonly Capability[], limits: McpLimits) {
  const names = toolNames(capabilities.map(({ type }) => type))
  return capabilities.map((capability) => capabilityTool(names.get(capability.type) ?? '', capability, limits))
}

/** As they are listed for one connection: with an argument that says whose a call is, unless the connection says it. */
export function listed(tools: Tools, { tenantArgument }: Door): ListedTool[] {
  const all = [...tools.values()].map((tool) => tool.listed)
  return tenantArgument === 'none' ? all : all.map((tool) => withTenant(tool, tenantArgument === 'required'))
}

const TENANT = { ...schemaOf(TenantId, 'input'), description: 'The tenant whose data it is about.' }

function withTenant(tool: ListedTool, isRequired: boolean): ListedTool {
  const { properties, required = [], ...schema } = tool.inputSchema
  const all = { ...schema, properties: { tenant_id: TENANT, ...properties } }
  return {
    ...tool,
    inputSchema: objectSchema({ ...all, required: isRequired ? ['tenant_id', ...required] : required }),
  }
}
