import { defineExperience } from '@biplane/gateway'
import { studio } from '@biplane/web'

export default defineExperience({ surfaces: ['rest', 'websocket', 'mcp', studio] })
