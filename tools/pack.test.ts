/**
 * A newcomer has a PostgreSQL with an empty database and a role of no special rights, an empty folder, and
 * our two tarballs. Everything that is told in the READMEs and kept beside the examples must come true
 * there. KEEP_OUTPUT=1 keeps what the examples print now.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { connected } from '@bursar/database'
import { dropDatabase, useDatabase } from '@bursar/database/testing'
import { entriesOf, manifestOf, packAll, published, type Published } from './packages.ts'

const root = path.join(import.meta.dirname, '..')
const shop = fs.mkdtempSync(path.join(os.tmpdir(), 'newcomer-'))
const installed = (...names: string[]) => path.join(shop, 'node_modules/@bursar', ...names)
const db = useDatabase()
const role = `newcomer_${randomBytes(4).toString('hex')}`
const databases: string[] = []

before(async () => {
  await db.ready
  await administer(`create role ${role} login password '${role}' nosuperuser nocreaterole`)
  const tarballs = packAll(path.join(shop, 'tarballs'))
  fs.writeFileSync(path.join(shop, 'package.json'), '{"private": true, "type": "module"}')
  const flags = ['--offline', '--install-links', '--ignore-scripts', '--no-audit', '--no-fund']
  const told = run('npm', ['install', ...flags, ...tarballs, ...alsoNeeded()])
  assert.equal(told.status, 0, told.stderr)
})
after(async () => {
  for (const name of databases) await dropDatabase(db.adminUrl, name)
  await administer(`drop role ${role}`)
  fs.rmSync(shop, { recursive: true })
})

const administer = (text: string) => connected(db.adminUrl, on => on.script(text))

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const told = spawnSync(program, args, {
    cwd: shop,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  if (told.error) throw told.error
  return told
}

/** What else a registry would bring, from the folders where it stands here: no network is needed. */
function alsoNeeded(): string[] {
  const found = new Set<string>()
  const visit = (name: string) => {
    const folder = path.join(root, 'node_modules', name)
    if (name.startsWith('@bursar/') || found.has(folder) || !fs.existsSync(folder)) return
    found.add(folder)
    const text = fs.readFileSync(path.join(folder, 'package.json'), 'utf8')
    for (const next of needsOf(JSON.parse(text) as Needs)) visit(next)
  }
  for (const folder of published) for (const name of needsOf(manifestOf(folder))) visit(name)
  return [...found]
}
type Needs = { dependencies?: object; optionalDependencies?: object }
const needsOf = ({ dependencies, optionalDependencies }: Needs) =>
  Object.keys({ ...dependencies, ...optionalDependencies })

/** A database with nothing in it, and the newcomer its owner. */
async function emptyDatabase(): Promise<string> {
  const name = `${role}_${databases.length}`
  await administer(`create database ${name} owner ${role}`)
  databases.push(name)
  const url = new URL(db.adminUrl)
  Object.assign(url, { pathname: `/${name}`, username: role, password: role })
  return url.href
}

const said = ({ status, stdout, stderr }: ReturnType<typeof run>) => {
  assert.equal(status, 0, stderr)
  return stdout
}

for (const folder of published)
  test(`the README of ${folder} moves money in 20 lines, and prints what it says, twice`, async () => {
    const readme = fs.readFileSync(installed(folder, 'README.md'), 'utf8')
    const [, program = '', output] = /```js\n(.*?)```\n\n```text\n(.*?)```/s.exec(readme) ?? []
    const lines = program.split('\n').filter(line => line.trim() !== '')
    assert.ok(lines.length <= 20 && lines.length > 5, `${lines.length} lines`)
    fs.writeFileSync(path.join(shop, 'first.mjs'), program)
    const DATABASE_URL = await emptyDatabase()
    for (const _ of ['first', 'again'])
      assert.equal(said(run(process.execPath, ['first.mjs'], { DATABASE_URL })), output)
  })

const examplesOf = (folder: Published) =>
  fs.globSync('*.ts', { cwd: path.join(root, folder, 'examples') }).toSorted()

for (const folder of published)
  for (const file of examplesOf(folder))
    test(`the example ${folder}/${file} prints what is kept beside it`, async () => {
      // Node strips no types below node_modules: whoever wants to run an example takes a copy of it.
      fs.copyFileSync(installed(folder, 'examples', file), path.join(shop, file))
      const DATABASE_URL = await emptyDatabase()
      const output = said(run(process.execPath, [file], { DATABASE_URL }))
      const kept = path.join(root, folder, 'examples', file.replace('.ts', '.out'))
      if (process.env['KEEP_OUTPUT']) fs.writeFileSync(kept, output)
      assert.equal(output, fs.readFileSync(kept, 'utf8'))
    })

test('the examples fit the types that were installed, strictly', () => {
  for (const folder of published)
    fs.cpSync(installed(folder, 'examples'), path.join(shop, 'typed', folder), { recursive: true })
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'es2024',
    module: 'nodenext',
    skipLibCheck: false,
    types: ['node'],
  }
  fs.writeFileSync(
    path.join(shop, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['typed'] }),
  )
  // One that does not fit is among them: that it alone is found says that the others were read, too.
  fs.writeFileSync(
    path.join(shop, 'typed/wrong.ts'),
    `import { parse } from '@bursar/money'\nexport const wrong: number = parse('1.00', 'EUR').minor\n`,
  )
  const { stdout } = run(path.join(root, 'node_modules/.bin/tsc'), ['-p', '.', '--pretty', 'false'])
  const found = stdout.split('\n').filter(line => / error TS\d+: |^error /.test(line))
  assert.equal(found.length, 1, stdout)
  assert.match(found[0]!, /wrong\.ts.*'bigint' is not assignable to type 'number'/)
})

test('each entry can be imported, and nothing beside them', () => {
  for (const folder of published) {
    const manifest = manifestOf(folder)
    const names = entriesOf(manifest).map(([entry]) => path.posix.join(manifest.name, entry))
    const imports = names.map(name => `import '${name}'`).join('\n')
    said(run(process.execPath, ['--input-type=module', '-e', imports]))
  }
  const inside = `import '@bursar/ledger/dist/append.js'`
  assert.match(
    run(process.execPath, ['--input-type=module', '-e', inside]).stderr,
    /ERR_PACKAGE_PATH_NOT_EXPORTED/,
  )
})

test('what is installed has licence, changelog and reference, and no source and no test', () => {
  for (const folder of published) {
    const files = fs.globSync('**/*', { cwd: installed(folder) })
    for (const file of ['LICENSE', 'CHANGELOG.md', 'README.md', 'API.md'])
      assert.ok(files.includes(file), `${folder} lacks ${file}`)
    const strange = files.filter(
      file => /\.tsx?$/.test(file) && !file.endsWith('.d.ts') && !file.startsWith('examples/'),
    )
    assert.deepEqual(strange, [])
    assert.deepEqual(
      files.filter(file => /test/.test(file.replace('dist/testing.', ''))),
      [],
    )
  }
  const kept = (folder: string) => fs.readdirSync(path.join(folder, 'migrations'))
  assert.deepEqual(kept(installed('ledger/dist')), kept(path.join(root, 'ledger')))
})

test('a role that is no owner may move money, and not write past the functions', async () => {
  const ownerUrl = await emptyDatabase()
  const writer = `${role}_writer`
  await administer(`create role ${writer} login password '${role}'`)
  try {
    const program = `
      import { migrate } from '@bursar/ledger/migrate'
      import { openBooks } from '@bursar/ledger'
      const { OWNER, WRITER, NAME } = process.env
      await migrate(OWNER, { writer: NAME })
      const books = openBooks({ url: WRITER })
      await books.openBook(1, 'EUR')
      const id = crypto.randomUUID()
      const entries = [{ kind: 'open', id, event: 'open', account: 'bank/giro', floor: null }]
      await books.submit({ book: 1, plan: () => ({ entries }) })
      console.log((await books.balance(1, 'bank/giro')).posted)
      await books.sql\`delete from ledger.due\`.catch(({ code }) => console.log(code))
      await books.close()`
    const url = new URL(ownerUrl)
    url.username = writer
    const env = { OWNER: ownerUrl, WRITER: url.href, NAME: writer }
    const told = run(process.execPath, ['--input-type=module', '-e', program], env)
    assert.equal(said(told), '0n\n42501\n')
  } finally {
    await dropDatabase(db.adminUrl, databases.at(-1)!)
    await administer(`drop role ${writer}`)
  }
})
