// The realm of data mashes: several contents become one table that accounts for every row of each.

import { defineRealm } from '@biplane/realm'

import { create } from './create.ts'
import { describe } from './describe.ts'
import { exportCsv } from './export.ts'
import { list } from './list.ts'
import { ask } from './query.ts'

export const dataMash = defineRealm({
  name: 'data_mash',
  version: '1',
  capabilities: [create, exportCsv, ask, describe, list],
})
export default dataMash
