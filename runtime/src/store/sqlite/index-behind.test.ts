// The index is behind the log by design. Here the connection is cut at every single statement of a workload, and each time what is
// left must be a log whose index names every entry up to `indexed_pos`, once and in its place, and which can be gone on with.

import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { test } from 'node:test'

import type { Entry, Store } from '../port.ts'
import { MemoryStore } from '../memory/memory-store.ts'
import { Subject } from '../testing/subject.ts'
import { Database, openForWriting } from './database.ts'
import { tenantScope } from './index-batch.ts'
import { INDEX_ENTRIES_MAX } from './limits.ts'
import { migrate } from './migrate.ts'
import { readEntries } from './read-entries.ts'
import { lastSeq } from './session-head.ts'
import { Scratch } from './testing/scratch.ts'
import { WriteDb } from './write-db.ts'
import { WRITES, type WriteVerb } from './writes.ts'
