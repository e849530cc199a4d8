// Every way in which a module can reach another, read from its syntax tree.

import { Visitor, parseSync } from 'oxc-parser'
import type { Expression, ImportDeclaration, ModuleExportName, PropertyKey, PrivateIdentifier } from 'oxc-parser'

/**
 * - `import`: static, type-only, re-exported, dynamic or in a type, with a literal specifier
 * - `computed`: `import()` or `require()` of what is known only when it runs
 * - `resolve`: `import.meta.resolve`, `require` and what makes it: they turn a name into a module behind the import's back
 * - `thread`: a `Worker`, or a child that `fork` starts
 * - `file`: `new URL(literal, import.meta.url)`
 * - `path`: any other string that ends in the name of a module
 */
export type Reach = 'import' | 'computed' | 'resolve' | 'thread' | 'file' | 'path'

export interface Import {
  reach: Reach
  /** What is imported, or what is used to reach it. */
  target: string
  line: number
}

/** Modules whose purpose is to load code or start threads. */
const LOADERS: Record<string, Reach> = {
  'node:module': 'resolve',
  'node:vm': 'resolve',
  'node:worker_threads': 'thread',
  'node:cluster': 'thread',
}
const MODULE_PATH = /\.[cm]?[jt]sx?$/

/** @throws Error if the text is not a module */
export function readImports(file: string, text: string): Import[] {
  const { program, errors } = parseSync(file, text, { preserveParens: false })
  if (errors[0] !== undefined) throw new Error(`${file} cannot be parsed: ${errors[0].message}`)
  const found: Import[] = []
  const named = new Set<number>()
  const add = (reach: Reach, target: string, start: number) =>
    found.push({ reach, target, line: text.slice(0, start).split('\n').length })
  const addNamed = (source: Expression, computed: string) => {
    named.add(source.start)
    const target = literalOf(source)
    if (target === null) add('computed', computed, source.start)
    else add('import', target, source.start)
  }

  new Visitor({
    ImportDeclaration(node) {
      addNamed(node.source, 'import')
      const loader = loaderOf(node)
      if (loader !== null) add(loader, node.source.value, node.start)
    },
    ExportAllDeclaration: (node) => addNamed(node.source, 'export'),
    ExportNamedDeclaration: (node) => node.source !== null && addNamed(node.source, 'export'),
    TSImportType: (node) => addNamed(node.source, 'import type'),
    TSExternalModuleReference: (node) => add('resolve', `require('${node.expression.value}')`, node.start),
    ImportExpression: (node) => addNamed(node.source, 'import()'),
    Identifier: (node) => node.name === 'require' && add('resolve', 'require', node.start),
    MemberExpression(node) {
      const name = nameOf(node.property)
      if (node.object.type === 'MetaProperty' && name === 'resolve') add('resolve', 'import.meta.resolve', node.start)
      if (name === 'getBuiltinModule' || name === 'createRequire') add('resolve', name, node.start)
    },
    NewExpression(node) {
      const name = node.callee.type === 'MemberExpression' ? nameOf(node.callee.property) : nameOf(node.callee)
      if (name === 'Worker' || name === 'SharedWorker') add('thread', name, node.start)
      const [path, base] = node.arguments
      if (name !== 'URL' || path?.type !== 'Literal' || base === undefined || !isImportMetaUrl(base)) return
      named.add(path.start)
      add('file', String(path.value), node.start)
    },
    Literal(node) {
      if (typeof node.value !== 'string' || named.has(node.start)) return
      if (MODULE_PATH.test(node.value)) add('path', node.value, node.start)
    },
  }).visit(program)
  return found
}

/** Loading modules are seen at their import; of node:child_process only `fork` is one, so it must be imported by names. */
function loaderOf({ source, specifiers }: ImportDeclaration): Reach | null {
  const loader = LOADERS[source.value]
  if (loader !== undefined) return loader
  if (source.value !== 'node:child_process') return null
  const hidden = specifiers.some((one) => one.type !== 'ImportSpecifier' || nameOf(one.imported) === 'fork')
  return hidden ? 'thread' : null
}

function literalOf(node: Expression): string | null {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.cooked ?? null
  return null
}

function nameOf(node: Expression | PropertyKey | PrivateIdentifier | ModuleExportName): string | null {
  if (node.type === 'Identifier') return node.name
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : null
}

const isImportMetaUrl = (node: { type: string }): boolean =>
  node.type === 'MemberExpression' && (node as { object?: { type: string } }).object?.type === 'MetaProperty'
