import { readFile } from 'node:fs/promises'

/** The text of a file; null if there is none. @throws Error if it is there and cannot be read */
export async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return null
    throw error
  }
}

export const isErrorCode = (error: unknown, code: string): boolean => (error as NodeJS.ErrnoException).code === code
