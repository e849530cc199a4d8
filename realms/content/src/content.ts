// The realm of contents: a file comes in, a table that accounts for every record of it stays.

import { defineRealm } from '@biplane/realm'

import { list } from './list.ts'
import { preview } from './preview.ts'
import { profile } from './profile.ts'
import { upload } from './upload.ts'

export const content = defineRealm({ name: 'content', version: '1', capabilities: [upload, preview, profile, list] })
export default content
