// Lint rules. Whole categories are on; what is switched off is off for a reason given beside it.

import { defineConfig } from 'oxlint'

import { readImportTable } from './checks/imports/import-table.ts'
import { lintOverrides } from './checks/imports/lint-rules.ts'
import { ROOT, readPackages } from './checks/repository.ts'

const message = 'The engine comes out the same in every replay: the clock, chance and the outside world are injected.'
const injected = (name: string) => ({ name, message })

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'node', 'react', 'jsx-a11y'],
  options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
  env: { builtin: true, node: true },
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  rules: {
    // A promise that nobody awaits is a lost error, and an `any` is a lost type.
    'typescript/no-floating-promises': [
      'error',
      {
        allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['test', 'describe', 'it', 'suite'] }],
      },
    ],
    'typescript/no-misused-promises': 'error',
    'typescript/return-await': ['error', 'in-try-catch'],
    'typescript/only-throw-error': 'error',
    'typescript/prefer-promise-reject-errors': 'error',
    'typescript/use-unknown-in-catch-callback-variable': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-unsafe-argument': 'error',
    'typescript/no-unsafe-assignment': 'error',
    'typescript/no-unsafe-call': 'error',
    'typescript/no-unsafe-function-type': 'error',
    'typescript/no-unsafe-member-access': 'error',
    'typescript/no-unsafe-return': 'error',
    'typescript/ban-ts-comment': ['error', { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true }],
    'typescript/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    'typescript/restrict-plus-operands': 'error',
    'typescript/no-deprecated': 'error',

    // The compiler makes what JSX needs; a style sheet is imported for its effect.
    'react/react-in-jsx-scope': 'off',
    // The patterns of ARIA have roles that no tag has in full: a list that a text box steers, a line that is read out.
    'jsx-a11y/prefer-tag-over-role': 'off',
    'import/no-unassigned-import': ['error', { allow: ['**/*.css'] }],

    // One way to write it.
    'typescript/consistent-type-imports': 'error',
    'typescript/no-import-type-side-effects': 'error',
    'typescript/no-require-imports': 'error',
    'typescript/no-namespace': 'error',
    'import/no-cycle': 'error',
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'unicorn/prefer-node-protocol': 'error',
    'unicorn/throw-new-error': 'error',
    'unicorn/error-message': 'error',
    'object-shorthand': 'error',
    'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    'prefer-const': 'error',
    'no-var': 'error',
    eqeqeq: 'error',
    'no-empty': 'error',
    'no-new-func': 'error',
    'no-console': 'error',

    // A file is about one thing, and a function fits on a screen.
    'max-lines': ['error', { max: 400 }],
    'max-lines-per-function': ['error', { max: 60 }],
    'max-depth': ['error', { max: 4 }],
    'max-params': ['error', { max: 6 }],

    // Steps that depend on each other are awaited one by one.
    'no-await-in-loop': 'off',
    // Narrowing what was just checked, and giving an id its brand, are assertions.
    'typescript/no-unsafe-type-assertion': 'off',
    // The compiler knows that a switch is exhaustive; this rule does not.
    'typescript/consistent-return': 'off',
    // No page is involved: messages here go between threads.
    'unicorn/require-post-message-target-origin': 'off',
    // `get<T>(key)` says what the caller expects to find.
    'typescript/no-unnecessary-type-parameters': 'off',
    'import/no-named-as-default-member': 'off',
    // A value of DuckDB is a union with objects in it; a string is spread into its code points on purpose.
    'typescript/no-base-to-string': 'off',
    'typescript/no-misused-spread': 'off',
    'no-shadow': 'off',
    // Most of our interfaces are records of closures, which have no `this` to lose.
    'typescript/unbound-method': 'off',
    'unicorn/consistent-function-scoping': 'off',
    // A handler of `then` may be there for its effect, and a list of five is as good as a set.
    'promise/always-return': 'off',
    'unicorn/prefer-set-has': 'off',
    // A fresh array may be sorted where it is, and a spread in a map is bounded by what is mapped.
    'unicorn/no-array-sort': 'off',
    'unicorn/no-array-reverse': 'off',
    'oxc/no-map-spread': 'off',
  },
  overrides: [
    ...lintOverrides(readImportTable(ROOT), readPackages(ROOT)),
    {
      files: ['runtime/src/engine/**', 'realm/src/run/**'],
      rules: {
        'no-restricted-globals': [
          'error',
          ...['Date', 'performance', 'setTimeout', 'setInterval', 'fetch', 'crypto'].map(injected),
        ],
        'no-restricted-properties': [
          'error',
          { object: 'Math', property: 'random', message },
          { object: 'process', property: 'hrtime', message },
        ],
      },
    },
    // Their output is for a person at a terminal.
    {
      files: [
        '**/src/main.ts',
        '**/bin/**',
        'experience/cli/**',
        'start/**',
        '**/*.bench.ts',
        'bench/**',
        'checks/**',
        'examples/**',
        'experience/web/testing/{crowd,first-mash,shots}/**',
      ],
      rules: { 'no-console': 'off' },
    },
    // Nothing is memoized by a compiler here, which is what the rule is about.
    { files: ['experience/web/**'], rules: { 'react/incompatible-library': 'off' } },
    // What scrolls is reached by the keyboard too.
    { files: ['experience/web/**'], rules: { 'jsx-a11y/no-noninteractive-tabindex': 'off' } },
    // An item of a list in a form, and a row of a page, have no name but their place.
    {
      files: ['experience/web/{console/src/capability/form-field,studio/src/grid/page-grid}.tsx'],
      rules: { 'react/no-array-index-key': 'off' },
    },
    // Runs on the stock Node before anything is installed, so it is JavaScript that the compiler does not see.
    {
      files: ['start/*.mjs'],
      rules: {
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-return': 'off',
        'typescript/use-unknown-in-catch-callback-variable': 'off',
      },
    },
    {
      files: ['**/*.test.ts', '**/test-*.ts', '**/testing/**'],
      rules: {
        'max-lines': ['error', { max: 600 }],
        'max-lines-per-function': 'off',
        'no-restricted-globals': 'off',
        // A test looks into whatever came over the wire; a wrong guess fails it.
        'typescript/no-unsafe-argument': 'off',
        'typescript/no-unsafe-assignment': 'off',
        'typescript/no-unsafe-call': 'off',
        'typescript/no-unsafe-member-access': 'off',
        'typescript/no-unsafe-return': 'off',
      },
    },
  ],
})
