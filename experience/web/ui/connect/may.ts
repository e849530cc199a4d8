// What whoever is here may do. The server decides; this is for what is not to be offered in vain.

import { useBiplane } from './biplane.tsx'

/** As in docs/protocol.md §4, "Who asks". */
export type Scope = 'event:read' | 'intent:submit' | 'execution:operate' | 'admin'

export const useMay = (scope: Scope): boolean => useBiplane().who.scopes.includes(scope)
