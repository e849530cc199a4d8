import { storeConformance } from '../testing/conformance.ts'
import { openInScratch } from './testing/scratch.ts'

storeConformance('sqlite', (clock) => openInScratch({ clock }))

// So that everything is read from the file and through the index, and nothing is remembered.
const NEXT_TO_NOTHING = { hotEntriesMax: 1, indexRowsMax: 4, headsMax: 2 }
storeConformance('sqlite with little memory', (clock) => openInScratch({ clock, ...NEXT_TO_NOTHING }))
