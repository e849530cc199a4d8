// The gallery on SQLite, over HTTP, with a restart in the middle of each program.

import { test } from 'node:test'

import { SqliteStage } from './sqlite-stage.ts'
import { stories } from './stories.ts'

for (const { name, tell } of stories) {
  test(name, (t) => tell(SqliteStage.open, (figure) => t.diagnostic(figure)))
}
