const WAIT_MS_MAX = 20_000
const LOOK_MS = 10

/** Looks again and again until there is something. @throws Error that names what was waited for */
export async function until<T>(what: string, look: () => Promise<T | undefined | false> | T | undefined | false) {
  const end = Date.now() + WAIT_MS_MAX
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (Date.now() > end) throw new Error(`Waited ${WAIT_MS_MAX} ms in vain for ${what}.`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}
