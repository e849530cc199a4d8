import { defineExperience } from '@biplane/gateway'
import { operatorConsole } from '@biplane/web'

export default defineExperience({
  surfaces: ['rest', 'websocket', operatorConsole],
  port: 8200,
  portVariable: 'CONSOLE_PORT',
  uploadsFolder: '.biplane/console-uploads',
})
