// A file that is written in large pieces. Synchronous: it is used in a child process that has nothing else to do.

import { closeSync, openSync, writeSync } from 'node:fs'

const BUFFER_BYTES = 1024 * 1024

export class ByteFile implements Disposable {
  /** What is not written yet is `buffer` up to `size`; callers write there after `ensure`. */
  buffer = Buffer.allocUnsafe(BUFFER_BYTES)
  size = 0
  private readonly file: number

  constructor(path: string) {
    this.file = openSync(path, 'wx')
  }

  /** Makes room for so many bytes after `size`. */
  ensure(bytes: number): void {
    if (this.buffer.length - this.size >= bytes) return
    this.flush()
    if (this.buffer.length < bytes) this.buffer = Buffer.allocUnsafe(bytes)
  }

  writeText(text: string): void {
    this.ensure(text.length * 3)
    this.size += this.buffer.write(text, this.size)
  }

  flush(): void {
    for (let at = 0; at < this.size;) at += writeSync(this.file, this.buffer, at, this.size - at)
    this.size = 0
  }

  [Symbol.dispose](): void {
    closeSync(this.file)
  }
}
