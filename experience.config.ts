import { defineExperience } from '@biplane/gateway'

export default defineExperience({ surfaces: ['rest', 'websocket', 'mcp'] })
