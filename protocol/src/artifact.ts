// Artifacts (docs/protocol.md §9): bytes of a tenant. They never travel inside an intent; a reference does.

import * as z from 'zod'

import { ArtifactId } from './id.ts'

const MAX_NAME_CHARS = 255

export const ArtifactRef = z.strictObject({
  artifact_id: ArtifactId,
  /** What the sender calls it; for people and for a guess at the format, never a path. */
  name: z.string().min(1).max(MAX_NAME_CHARS).optional(),
  media_type: z.string().max(MAX_NAME_CHARS).optional(),
  /** Bytes. */
  size: z.int().nonnegative().optional(),
})
export type ArtifactRef = z.infer<typeof ArtifactRef>

/** What `POST /artifact` answers. */
export const StoredArtifact = z.object({
  artifact_id: ArtifactId,
  sha256: z.string(),
  size: z.int().nonnegative(),
  media_type: z.string(),
})
export type StoredArtifact = z.infer<typeof StoredArtifact>

/** The JSON Schema keyword by which surfaces recognise a payload field that takes a file. */
export const ARTIFACT_KEYWORD = 'x-artifact'

/** A payload field that takes a file: a multipart part in REST, a file argument in the CLI, a reference in MCP. */
export const artifact = () => ArtifactRef.meta({ [ARTIFACT_KEYWORD]: true })
