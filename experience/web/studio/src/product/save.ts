const READ_MS = 60_000

/** Hands bytes to the browser as a file of its reader. */
export function save(bytes: Blob, name: string, mediaType: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: mediaType }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // Not before the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(address), READ_MS)
}
