import assert from 'node:assert/strict'
import { test } from 'node:test'

import { misuseOf } from './misuse.ts'

test('what the parser says is told as a person would', () => {
  for (const [said, told] of [
    [
      "error: option '-w, --wait <seconds>' argument 'x' is invalid. It must be a number.",
      '--wait x cannot be used. It must be a number.',
    ],
    ["error: option '--limit <n>' argument '' is invalid. No.", '--limit  cannot be used. No.'],
    [
      "error: command-argument value 'nope' is invalid for argument 'execution'. It must be an id.",
      '<execution> cannot be nope. It must be an id.',
    ],
    ["error: unknown option '--skuu'\n(Did you mean --sku?)", "Unknown option '--skuu' (Did you mean --sku?)"],
    ["error: missing required argument 'file'", "Missing required argument 'file'."],
    [
      "error: option '-d, --detach' cannot be used with option '--wait <seconds>'",
      '--detach and --wait exclude each other.',
    ],
    ["error: unknown command 'a\u001b[2J'", "Unknown command 'a [2J'."],
  ]) {
    assert.equal(misuseOf(said as string), told)
  }
})
