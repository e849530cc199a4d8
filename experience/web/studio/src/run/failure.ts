// What to do about an execution that failed, by the code that it failed with (docs/data-mash.md, "Errors"; docs/errors.md).

import type { Failure } from '@biplane/protocol'

const ADVICE: Record<string, string> = {
  'content.not_a_table': 'Send a file of CSV, TSV, JSON or NDJSON; from a spreadsheet, export it as CSV first.',
  'content.empty': 'Look whether it is the right file, and whether it was saved.',
  'content.encoding_unknown': 'Save it as UTF-8 and send it again.',
  'content.too_many_columns': 'Split it into several files that share a key, and mash those.',
  'content.not_found': 'It may be of another tenant. Choose the tables again.',
  'data_mash.quality_too_low': 'See above what is wrong with the tables, mend them or ask for less, and begin again.',
  'data_mash.too_many_columns': 'Choose fewer tables.',
  'approval.refused': 'Nothing was made. Choose other tables, or begin again and approve.',
  'tables.busy': 'Begin again in a moment.',
  'tables.disk_full': 'Tell whoever runs this: the disk is full.',
  'tables.out_of_memory': 'Choose fewer or smaller tables.',
  'execution.timed_out': 'Begin again; if it stays, the file may be too large for one piece.',
}

export const failureOf = ({ code, message }: Failure): { message: string; advice: string } => ({
  message,
  advice: ADVICE[code] ?? 'Begin again; if it stays, tell whoever runs this, with the execution’s id.',
})
