import type { Client } from '@biplane/client'

/** A file as a person would send it; answers when it is a table. */
export async function upload(client: Client, name: string, text: string): Promise<void> {
  const { artifact_id } = await client.putArtifact(new TextEncoder().encode(text), { mediaType: 'text/csv' })
  const { execution_id } = await client.submit({ type: 'content.upload', payload: { file: { artifact_id, name } } })
  const { status, error } = await client.result(execution_id)
  if (status !== 'completed') throw new Error(`${name} is ${status}: ${error?.message}`)
}
