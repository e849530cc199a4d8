// The web apps as surfaces of a gateway: `defineExperience({ surfaces: ['rest', 'websocket', studio] })`. Each serves the built files
// of one app at `/`; all else that an app needs it asks the other surfaces of the same process for.

import type { Surface } from '@biplane/gateway'

import { webSurface } from './web-surface.ts'

/** For the people whose data it is. */
export const studio: Surface = webSurface('studio')

/** For the people who keep it running. */
export const operatorConsole: Surface = webSurface('console')
