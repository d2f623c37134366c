/**
 * The laws of this tree. What ARCHITECTURE.md says and a machine can check, is checked here.
 *
 * Each law is asked twice: of this tree, where it finds nothing, and of small wrong trees, where it
 * must find something. A law that cannot fail is no law.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as arrows from './tools/tidy/arrows.ts'
import * as shape from './tools/tidy/shape.ts'
import { readTree, type File, type Law } from './tools/tidy/tree.ts'
import * as words from './tools/tidy/words.ts'

type Wrong = Readonly<Record<string, string>>
const house = readTree(import.meta.dirname)

const tree = (files: Wrong): File[] => Object.entries(files).map(([path, text]) => ({ path, text }))
const place = (name: string, ...needs: string[]) =>
  JSON.stringify({
    name: `@bursar/${name}`,
    dependencies: Object.fromEntries(needs.map(need => [`@bursar/${need}`, '*'])),
  })
const promise = { 'business/tea/README.md': '', 'business/tea/package.json': place('tea') }
const story = { 'business/tea/tea.ts': '' }
const migration = { 'business/tea/migrations/0001_tea.sql': 'create schema tea;' }
const migrated = (sql: string) => ({ 'ledger/migrations/0001_log.sql': sql })

function law(says: string, rule: Law, ...wrong: Wrong[]): void {
  test(says, () => assert.deepEqual(rule(house), []))
  for (const [i, files] of wrong.entries())
    test(`${says}: wrong tree ${i + 1} is found out`, () =>
      assert.equal(rule(tree(files)).length, 1))
}

law(
  'what a folder imports, its package.json declares',
  arrows.undeclared,
  { 'ledger/package.json': place('ledger'), 'ledger/a.ts': `import { x } from '@bursar/money'` },
  { 'ledger/package.json': place('ledger'), 'ledger/a.ts': `import pg from 'pg'` },
  { 'ledger/package.json': place('ledger'), 'ledger/a.ts': `import {\n  x,\n  y,\n} from 'pg'` },
  { 'ledger/package.json': place('ledger'), 'ledger/a.ts': `const x = await import('pg')` },
  {
    'package.json': '{"devDependencies":{"fast-check":"1.0.0"}}',
    'money/package.json': place('money'),
    'money/a.ts': `import fc from 'fast-check'`,
    'money/a.test.ts': `import fc from 'fast-check'`,
  },
)

law(
  'a relative import stays inside its own folder',
  arrows.reachingOut,
  { 'ledger/package.json': place('ledger'), 'ledger/a.ts': `export * from '../money/money.ts'` },
  { 'apps/api/package.json': place('api'), 'apps/api/x/a.ts': `import '../../apiary/b.ts'` },
)

law(
  'arrows point inward',
  arrows.outwardArrows,
  { 'money/package.json': place('money', 'ledger'), 'ledger/package.json': place('ledger') },
  {
    'kernel/package.json': place('kernel', 'contract'),
    'contract/package.json': place('contract'),
  },
  {
    'ledger/package.json': place('ledger', 'database'),
    'database/package.json': place('database'),
  },
  { 'apps/api/package.json': place('api', 'bench'), 'bench/package.json': place('bench') },
  { 'apps/web/package.json': place('web', 'kernel'), 'kernel/package.json': place('kernel') },
  { 'gateways/sms/package.json': place('sms', 'api'), 'apps/api/package.json': place('api') },
)

law('the contract knows of the rings their types at most', arrows.contractStandsAside, {
  'money/package.json': place('money'),
  'contract/a.ts': `import { parse } from '@bursar/money'\nimport type { Money } from '@bursar/money'`,
})

law('no two folders stand on each other', arrows.circlesOfPlaces, {
  'business/tea/package.json': place('tea', 'cup'),
  'business/cup/package.json': place('cup', 'pot'),
  'business/pot/package.json': place('pot', 'tea'),
})

law(
  'no two files import each other',
  arrows.circlesOfFiles,
  { 'ledger/a.ts': `import './b.ts'`, 'ledger/b.ts': `import type { A } from './a.ts'` },
  { 'ledger/a.ts': `export * from './a.ts'` },
)

const longFunction = (lines: number) => `export function f() {\n${'  f()\n'.repeat(lines)}}\n`
law('a file has 300 lines at most', words.longFiles, { 'money/a.ts': 'f()\n'.repeat(301) })
law(
  'a function has 60 lines at most',
  words.longFunctions,
  { 'money/a.ts': longFunction(58) + longFunction(59).replace('f()', 'g()') },
  { 'apps/web/a.tsx': `export const A = () => {\n${'  A()\n'.repeat(58)}  return <p>}</p>\n}\n` },
)

law(
  'what has a better word is not written',
  words.bannedWords,
  { 'money/a.ts': 'parseFloat(text)' },
  { 'apps/api/a.ts': `console.log('here')`, 'tools/a.ts': `console.log('here')` },
  { 'apps/web/a.tsx': 'x as any' },
  { 'apps/web/a.tsx': '// @ts-ignore' },
  { 'money/a.test.ts': `test.only('x', f)` },
  { 'money/a.ts': '// TODO later' },
  { 'money/a.ts': 'Number(sum.minor) / 100' },
  { 'contract/a.ts': 'type Spend = { amount: number }' },
)

law(
  'what is published knows nobody’s business',
  words.businessWords,
  { 'ledger/types.ts': '/** A merchant’s book. */', 'ledger/a.test.ts': 'merchant' },
  { 'ledger/migrations/0001_log.sql': '-- what a purse has', 'ledger/examples/a.ts': 'purse' },
  { 'money/README.md': 'for every top-up' },
  { 'ledger/README.md': 'of spd_1' },
)

law(
  'no folder and no file is named for having no home',
  shape.homelessNames,
  { 'apps/api/shared/a.ts': '' },
  { 'money/utils.ts': '' },
)

law(
  'the kernel has eight files at most',
  shape.largeKernel,
  Object.fromEntries('abcdefghi'.split('').map(name => [`kernel/${name}.ts`, ''])),
)

law(
  'a promise has a README, a story, and its own schema',
  shape.unfinishedPromises,
  { ...promise, ...migration },
  { ...promise, ...story },
  { ...story, ...migration, 'business/tea/README.md': '' },
  { ...promise, ...story, ...migration, 'business/tea/migrations/0002_b.sql': 'create schema b;' },
)

law(
  'a helper of tests gives its hooks to every file that asks',
  shape.hookedHelpers,
  { 'money/testing.ts': 'before(() => open())' },
  { 'money/coins.testing.ts': 'export const db = useDatabase()' },
)

law('a test takes away the folders that it made', shape.keptFolders, {
  'money/a.test.ts': `const folder = mkdtempSync(join(tmpdir(), 'coins-'))`,
})

law(
  'migrations are numbered and named',
  shape.migrationNames,
  { 'ledger/migrations/1_log.sql': '' },
  { 'ledger/migrations/0001_log.sql': '', 'ledger/migrations/0003_seals.sql': '' },
  { 'ledger/migrations/0001_log.sql': '', 'ledger/migrations/0001_seals.sql': '' },
)

law(
  'no column of a table is inexact',
  shape.inexactColumns,
  migrated('create table a (fee numeric(12,2)); -- numeric'),
  migrated('create table a (fee double precision)'),
  migrated("alter table a add b real default '0'"),
  migrated('create table a (fee money not null)'),
)

law(
  'the tree names no registry and no folder of one machine',
  shape.namesAMachine,
  { 'package-lock.json': '{"resolved": "https://packages.example/a.tgz"}' },
  { '.npmrc': 'registry = https://packages.example' },
  { 'README.md': 'from registry.example.org' },
  { 'tools/a.ts': `read('/work/main/a.ts')` },
)

law('every package that we did not write has its reason', shape.unexplainedPackages, {
  'money/package.json': '{"dependencies":{"left-pad":"1.0.0"}}',
  'DECISIONS.md': 'no reason for left-pad',
})

law(
  'the lock knows what every package.json needs',
  shape.staleLock,
  { 'money/package.json': '{"dependencies":{"pg":"1.0.0"}}', 'package-lock.json': '{}' },
  {
    'package.json': '{"devDependencies":{"knip":"2.0.0"}}',
    'package-lock.json': '{"packages":{"":{"devDependencies":{"knip":"1.0.0"}}}}',
  },
)
