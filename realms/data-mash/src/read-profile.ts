// The profile of a content, which is an artifact.

import { readFile } from 'node:fs/promises'

import type { StepContext } from '@biplane/realm'
import { Profile, type Content } from '@biplane/tables'

export async function readProfile(step: StepContext, { artifacts }: Content): Promise<Profile> {
  return Profile.parse(JSON.parse(await readFile(await step.artifacts.path(artifacts.profile), 'utf8')))
}
