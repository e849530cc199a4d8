import assert from 'node:assert/strict'
import { test } from 'node:test'

import { sniffLayout } from './sniff.ts'

const layout = (text: string) => sniffLayout(Buffer.from(text), true)
const summary = (text: string) => {
  const { dialect, labels, headerLine } = layout(text)
  return [dialect.delimiter, dialect.quote, headerLine, ...labels].join(' ')
}

test('the delimiter is the one that leaves values in the cells', () => {
  assert.equal(summary('id,name,amount\n1,Ann,2.50\n2,Bob,3.00\n'), ', " 1 id name amount')
  assert.equal(summary('id;name;amount\n1;Ann;2,50\n2;Bob;3,00\n'), '; " 1 id name amount')
  assert.equal(summary('a;b;c\n1,5;2,5;3\n2,5;3,5;4\n'), '; " 1 a b c')
  assert.equal(summary('id\tnote\n1\thello, world\n2\tso, what; now\n'), '\t " 1 id note')
  assert.equal(summary('id|tags\n1|a,b\n2|c,d\n'), '| " 1 id tags')
  assert.equal(summary('id,tags\n1,"a|b|c"\n2,"d|e|f"\n'), ', " 1 id tags')
})

test('a file of one column has one column, whatever its text holds', () => {
  assert.equal(layout('note\nHello, world\nno comma\nso, it, goes\nplain\n').labels.length, 1)
  assert.equal(layout('id\n1\n2\n3\n').labels.length, 1)
  assert.equal(layout('x\n1,5\n2,5\n').labels.length, 1)
  assert.equal(layout('a,b\n1,2\n3\n').labels.length, 2)
})

test('quotes that quote nothing are characters, and backslashes may escape them', () => {
  assert.equal(layout('size\tname\n5"\tpipe\n"Big" Joe\tman\n"x"y\tz\n').dialect.quote, '')
  assert.equal(layout('id,say\n1,"he said \\"hi, you\\" to me"\n2,"x"\n').dialect.escape, 'backslash')
  assert.equal(layout("id,say\n1,'a, b'\n2,'c, d'\n").dialect.quote, "'")
})

test('a header is recognised by what stands below it', () => {
  assert.equal(layout('1,2.5,2024-01-01\n2,3.5,2024-01-02\n').headerLine, 0)
  assert.equal(layout('country,1990,1991,1992\nFR,5,6,7\nDE,8,9,10\n').headerLine, 1)
  assert.equal(layout('name,city\nAnn,Rome\nBob,Oslo\n').headerLine, 1)
  assert.equal(layout('code\nAB12\nCD34\nEF56\n').headerLine, 1)
  assert.equal(layout('id,id,,name\n1,2,3,x\n4,5,6,y\n').headerLine, 1)
})

test('titles above a header are not taken for it', () => {
  const found = layout('Report of 2024\nall regions\nid,name,amount\n1,Ann,2\n2,Bob,3\n3,Cy,4\n')
  assert.equal(found.headerLine, 3)
  assert.deepEqual(layout('# of 2024\n# by me\nid,v\n1,2\n3,4\n5,6\n').labels, ['id', 'v'])
  assert.deepEqual(found.labels, ['id', 'name', 'amount'])
})

test('a delimiter at the end of every line is no column', () => {
  assert.deepEqual(layout('a,b\n1,2,\n3,4,\n'), {
    ...layout('a,b\n1,2,\n3,4,\n'),
    width: 3,
    dropLast: true,
    labels: ['a', 'b'],
  })
  assert.deepEqual(layout('a,b,\n1,2,\n3,4,\n').labels, ['a', 'b'])
  assert.deepEqual(layout('a,b,\n1,2\n3,4\n').width, 2)
})

test('a column of row names that the header leaves out gets a name', () => {
  assert.deepEqual(layout('mpg,cyl\nMazda,21,6\nDatsun,22.8,4\n').labels, ['row_name', 'mpg', 'cyl'])
})
