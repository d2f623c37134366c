/**
 * money/ and ledger/ as packages for others. They get JavaScript beside their types, because Node strips
 * no types below node_modules; the rest goes as it stands: migrations, reference, examples, changelog.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** In the order of the arrows. */
export const published = ['money', 'ledger'] as const
export type Published = (typeof published)[number]

type Manifest = Readonly<{
  name: string
  version: string
  exports: Readonly<Record<string, string>>
  dependencies?: Readonly<Record<string, string>>
}> &
  Readonly<Record<string, unknown>>

const root = join(import.meta.dirname, '..')
const beside = ['README.md', 'API.md', 'CHANGELOG.md', 'examples']
/** What the JavaScript finds by its own place. */
const inside = ['migrations', 'grants.sql']

export const manifestOf = (folder: Published): Manifest =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest

/** What others may import, by the file that has it. What is `….testing.ts` is for this house alone. */
export const entriesOf = ({ exports }: Manifest): [entry: string, file: string][] =>
  Object.entries(exports).filter(([, file]) => !file.endsWith('.testing.ts'))

/** Makes a tarball of each in a folder, and answers their paths. */
export function packAll(to: string): string[] {
  mkdirSync(to, { recursive: true })
  return published.map(folder => inTemporary(stage => pack(folder, stage, to)))
}

function pack(folder: Published, stage: string, to: string): string {
  emit(folder, join(stage, 'dist'))
  for (const name of inside) copy(join(root, folder, name), join(stage, 'dist', name))
  for (const name of beside) copy(join(root, folder, name), join(stage, name))
  copy(join(root, 'LICENSE'), join(stage, 'LICENSE'))
  const manifest = JSON.stringify(manifestForOthers(manifestOf(folder)), null, 2)
  writeFileSync(join(stage, 'package.json'), `${manifest}\n`)
  const told = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', to], stage)) as
    | { filename: string }[]
    | Record<string, { filename: string }>
  return join(to, Object.values(told)[0]!.filename)
}

const copy = (from: string, to: string) => existsSync(from) && cpSync(from, to, { recursive: true })

/** JavaScript and declarations of all that is no test. The declarations name their files as .js too. */
export function emit(folder: Published, to: string): void {
  inTemporary(place => {
    const at = (name: string) => join(root, folder, name)
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        allowImportingTsExtensions: false,
        rewriteRelativeImportExtensions: true,
        rootDir: join(root, folder),
        outDir: to,
        typeRoots: [join(root, 'node_modules/@types')],
      },
      include: [at('*.ts')],
      exclude: [at('*.test.ts'), at('*.testing.ts')],
    }
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(config))
    run(join(root, 'node_modules/.bin/tsc'), ['-p', place], root)
  })
  for (const name of globSync('*.d.ts', { cwd: to })) {
    const text = readFileSync(join(to, name), 'utf8')
    writeFileSync(join(to, name), text.replaceAll(/(from '\.\/[^']+)\.ts'/g, "$1.js'"))
  }
}

/** Here a package names exact versions, for a lock; for others it takes what fits beside theirs. */
function manifestForOthers(manifest: Manifest): object {
  const { exports: _, dependencies = {}, devDependencies: __, ...rest } = manifest
  const versions = new Map<string, string>(
    published.map(manifestOf).map(({ name, version }) => [name, version]),
  )
  const fits = Object.entries(dependencies).map(([name, version]) => [
    name,
    `^${versions.get(name) ?? version}`,
  ])
  const entries = entriesOf(manifest).map(([entry, file]) => {
    const built = `./dist/${file.replace(/^\.\/|\.ts$/g, '')}`
    return [entry, { types: `${built}.d.ts`, default: `${built}.js` }]
  })
  return {
    ...rest,
    exports: { ...Object.fromEntries(entries), './package.json': './package.json' },
    dependencies: Object.fromEntries(fits),
  }
}

function run(program: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

export function inTemporary<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'packages-'))
  try {
    return work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
