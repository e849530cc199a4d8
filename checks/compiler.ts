import { join } from 'node:path'

import { ROOT } from './repository.ts'

/** Arguments for node. Several threads check what they have in common once each: half of the work of a whole core more. */
export const TSC = [join(ROOT, 'node_modules/typescript/bin/tsc'), '--singleThreaded']
