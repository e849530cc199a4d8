// The gallery on SQLite, over HTTP, with a restart in the middle of each program.

import { test } from 'node:test'

import { SqliteStage } from './sqlite-stage.ts'
import { stories } from './stories.ts'

/** Each waits for the disk. `GALLERY_STEPS=10000` is the long form, which runs in virtual time always. */
const STEPS = Number(process.env['GALLERY_STEPS'] ?? 2_000)

for (const { name, tell } of stories(STEPS)) {
  test(name, (t) => tell(SqliteStage.open, (figure) => t.diagnostic(figure)))
}
