// The files in what was dropped, chosen or pasted. A folder is looked through, and so are those in it; a table that was copied from a
// spreadsheet or a page comes as text.

/** At once; what is beyond is said, and not sent. */
export const FILES_MAX = 500
const DEPTH_MAX = 12
/** What systems leave in folders and nobody wants to send. */
const LITTER = /^(\.|thumbs\.db$|desktop\.ini$)/i

export interface Dropped {
  files: File[]
  /** How many there were beyond FILES_MAX. */
  left: number
}

/** Must be called while the event is being handled: what was dropped is not readable after it. */
export function droppedFiles(transfer: DataTransfer): Promise<Dropped> {
  const entries = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
    .filter((entry) => entry !== null)
  return gather(entries)
}

export const chosenFiles = (files: readonly File[]): Promise<Dropped> => gather(files)

/** Null if there is nothing in it that could be a table. */
export function pastedFiles(transfer: DataTransfer): File[] | null {
  const files = [...transfer.files]
  if (files.length > 0) return files
  const text = transfer.getData('text/plain')
  if (!/\S.*\n.*\S/s.test(text)) return null
  const isTabbed = text.includes('\t')
  return [
    new File([text], isTabbed ? 'pasted.tsv' : 'pasted.csv', {
      type: isTabbed ? 'text/tab-separated-values' : 'text/csv',
    }),
  ]
}

async function gather(entries: readonly (FileSystemEntry | File)[]): Promise<Dropped> {
  const found: File[] = []
  for (const entry of entries) {
    if (entry instanceof File) found.push(entry)
    else await walk(entry, found, 0)
  }
  const files = found.filter(({ name }) => !LITTER.test(name))
  return { files: files.slice(0, FILES_MAX), left: Math.max(0, files.length - FILES_MAX) }
}

async function walk(entry: FileSystemEntry, found: File[], depth: number): Promise<void> {
  if (depth > DEPTH_MAX || found.length > FILES_MAX * 2) return
  if (isFile(entry)) {
    found.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)))
  } else if (isFolder(entry)) {
    const reader = entry.createReader()
    // A folder is told in parts, until one is empty.
    for (let part = await next(reader); part.length > 0; part = await next(reader)) {
      for (const one of part) await walk(one, found, depth + 1)
    }
  }
}

const next = (reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> =>
  new Promise((resolve, reject) => reader.readEntries(resolve, reject))

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
