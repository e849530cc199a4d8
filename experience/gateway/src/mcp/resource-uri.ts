// The addresses of what can be read as a resource.

import { ArtifactId, ExecutionId } from '@biplane/protocol'

const ARTIFACT = 'biplane://artifact/'
const EXECUTION = 'biplane://execution/'

export const artifactUri = (id: string): string => ARTIFACT + id
export const executionUri = (id: string): string => EXECUTION + id

export const TEMPLATES = { artifact: `${ARTIFACT}{artifact_id}`, execution: `${EXECUTION}{execution_id}` }

/** Null if the address is not of that kind. */
export const artifactAt = (uri: string): ArtifactId | null => idAt(uri, ARTIFACT, ArtifactId)
export const executionAt = (uri: string): ExecutionId | null => idAt(uri, EXECUTION, ExecutionId)

function idAt<T>(uri: string, start: string, id: { safeParse(value: unknown): { data?: T | undefined } }): T | null {
  return uri.startsWith(start) ? (id.safeParse(uri.slice(start.length)).data ?? null) : null
}
