import type { Database } from './database.ts'

const SELECT = 'SELECT max(pos) AS pos FROM entry'

/** The pos of the last entry of the store; 0 if there is none. */
export const lastPos = (db: Database): number => (db.get(SELECT)?.['pos'] as number | null) ?? 0
