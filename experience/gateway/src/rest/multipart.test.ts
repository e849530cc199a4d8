import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'

import { partsOf } from './multipart.ts'

const headers = { 'content-type': 'multipart/form-data; boundary=b' }
const field = (name: string, text: string) => `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`
const file = (name: string, filename: string, text: string) =>
  `--b\r\ncontent-disposition: form-data; name="${name}"; filename="${filename}"\r\ncontent-type: text/csv\r\n\r\n${text}\r\n`
const END = '--b--\r\n'

/** Every part with its content, as the form said it. */
async function read(source: Readable): Promise<string[][]> {
  const parts: string[][] = []
  for await (const part of partsOf(source, headers)) {
    if (part.kind === 'field') parts.push([part.name, part.text])
    else parts.push([part.name, part.filename ?? '', Buffer.concat(await part.bytes.toArray()).toString()])
  }
  return parts
}

test('parts come in their order however the bytes are cut', async () => {
  const content = 'id\n1\n'.repeat(300)
  const form = Buffer.from(field('a', 'ünï') + file('file', 'x.csv', content) + field('b', '') + END)
  for (const size of [1, 2, 3, 5, 17, 64, 199, 700, form.length]) {
    const pieces = Array.from({ length: Math.ceil(form.length / size) }, (_, i) =>
      form.subarray(i * size, (i + 1) * size),
    )
    assert.deepEqual(
      await read(Readable.from(pieces)),
      [
        ['a', 'ünï'],
        ['file', 'x.csv', content],
        ['b', ''],
      ],
      `${size} bytes at a time`,
    )
  }
})

test('the name of a file is never a path', async () => {
  const [part] = await read(Readable.from([Buffer.from(file('file', '../../etc/passwd', 'x') + END)]))
  assert.equal(part?.[1], 'passwd')
})

test('a form that breaks off is incomplete, in a field and in a file', async () => {
  for (const text of [field('a', 'x'), file('file', 'x.csv', 'id').slice(0, -2), '']) {
    await assert.rejects(read(Readable.from([Buffer.from(text)])), { code: 'upload_incomplete' }, text)
  }
})

test('a form has bounds: its parts, its fields, and their bytes', async () => {
  const many = Array.from({ length: 101 }, (_, n) => field(`f${n}`, 'x')).join('')
  await assert.rejects(read(Readable.from([Buffer.from(many + END)])), { code: 'upload_invalid' })
  const files = Array.from({ length: 11 }, (_, n) => file(`f${n}`, 'x', 'x')).join('')
  await assert.rejects(read(Readable.from([Buffer.from(files + END)])), { code: 'upload_invalid' })
  const large = field('a', 'x'.repeat(700_000)) + field('b', 'x'.repeat(700_000))
  await assert.rejects(read(Readable.from([Buffer.from(large + END)])), { code: 'body_too_large' })
})

test('while a file is not read, what comes behind it is not taken', async () => {
  let taken = 0
  async function* endless() {
    yield Buffer.from(`--b\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n`)
    for (; taken < 1000; taken++) yield Buffer.alloc(64 * 1024)
  }
  const source = Readable.from(endless())
  for await (const part of partsOf(source, headers)) {
    assert.equal(part.kind, 'file')
    await new Promise((resolve) => setImmediate(resolve))
    break
  }
  assert.ok(taken < 20, `${taken} pieces were taken`)
  source.destroy()
})
