// Tables, for realms: jobs on files, done by DuckDB in child processes. Nothing here loads DuckDB into the runtime.

export { contentKey, Content, ContentId, Rows, Warning } from './content.ts'
export { PARQUET, contentOf, landContent, profileContent, typeContent } from './content-steps.ts'
export { ident, text } from './duck/sql.ts'
export { TypedColumn } from './infer/column-type.ts'
export { Find, Made, newestFirst, pageOf } from './newest-first.ts'
export type { Job, Ran } from './jobs/job.ts'
export { tables } from './open-tables.ts'
export { Profile } from './profile/profile.ts'
export { cleanName, unique } from './read/column-names.ts'
export { openScratch, type Scratch } from './scratch.ts'
