/** What stands where: names of folders, what a promise brings, what a migration may say. */
import { basename, dirname } from 'node:path'
import { isCode, isLaw, isMigration, isTest, type File, type Law } from './tree.ts'

/** A folder with such a name takes in whatever has no home, and then imports everything. */
const homeless = /(^|\/)(shared|common|utils?|helpers?|misc)(\/|\.[a-z]+$)/
const kernelFiles = 8

export const homelessNames: Law = tree =>
  tree
    .filter(({ path }) => homeless.test(path))
    .map(({ path }) => `${path}: name it after what it does`)

export const largeKernel: Law = tree => {
  const kernel = tree.filter(
    file => file.path.startsWith('kernel/') && isCode(file) && !isTest(file),
  )
  return kernel.length > kernelFiles
    ? [`kernel has ${kernel.length} files; ${kernelFiles} are allowed`]
    : []
}

/** Each promise has a README, a story that bears its name, and migrations for its own schema. */
export const unfinishedPromises: Law = tree => {
  const paths = new Set(tree.map(({ path }) => path))
  const folders = new Set(
    [...paths].filter(path => /^business\/[^/]+\//.test(path)).map(path => path.split('/')[1]!),
  )
  return [...folders].flatMap(name => {
    const here = `business/${name}`
    const missing = ['README.md', 'package.json', `${name}.ts`]
      .filter(file => !paths.has(`${here}/${file}`))
      .map(file => `${here} lacks ${file}`)
    const migrations = tree.filter(({ path }) => path.startsWith(`${here}/migrations/`))
    const schemas = migrations.flatMap(({ text }) =>
      [...withoutProse(text).matchAll(/create schema (?:if not exists )?(\w+)/gi)].map(m => m[1]!),
    )
    if (!schemas.includes(name)) missing.push(`${here}/migrations create no schema ${name}`)
    const others = schemas.filter(schema => schema !== name)
    return [...missing, ...others.map(schema => `${here} creates the schema ${schema}`)]
  })
}

/** NNNN_words.sql, counted from 0001 without a gap, so that two branches cannot both be next. */
export const migrationNames: Law = tree => {
  const folders = Map.groupBy(tree.filter(isMigration), ({ path }) => dirname(path))
  return [...folders].flatMap(([folder, files]) =>
    files
      .map(({ path }) => basename(path))
      .toSorted()
      .flatMap((name, i) => {
        const wanted = String(i + 1).padStart(4, '0')
        const isRight = /^\d{4}(_[a-z0-9]+)+\.sql$/.test(name) && name.startsWith(wanted)
        return isRight ? [] : [`${folder}/${name} should be called ${wanted}_words.sql`]
      }),
  )
}

/** Test files share a process, in which a module is read once: only its first reader would have the hooks. */
export const hookedHelpers: Law = tree =>
  tree
    .filter(({ path }) => /(^|[/.])testing\.ts$/.test(path))
    .filter(({ text }) => /^((before|after)(Each)?\(|(export )?const .* = use[A-Z])/m.test(text))
    .map(({ path }) => `${path}: put its hooks into a function that each test file calls`)

/** What a run makes in the temp folder goes with it: else a machine that tests all day fills up. */
export const keptFolders: Law = tree =>
  tree
    .filter(file => isTest(file) && !isLaw(file))
    .filter(({ text }) => /\bmkdtemp(Sync)?\(/.test(text) && !/\brm(Sync)?\(/.test(text))
    .map(({ path }) => `${path} makes a folder and never removes one`)

const inexact = /(?<![\w.])(real|double precision|numeric|decimal|float[48]?|money)\b(?!\s*\.)/i

/** Money is a bigint of the smallest coin, in the table as everywhere. */
export const inexactColumns: Law = tree =>
  tree
    .filter(isMigration)
    .map(file => ({ file, found: inexact.exec(withoutProse(file.text))?.[0] }))
    .filter(({ found }) => found !== undefined)
    .map(({ file, found }) => `${file.path}: write bigint, not ${found}`)

/** SQL without its comments and without what stands in quotes. */
const withoutProse = (sql: string) =>
  sql
    .replace(/--.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'[^']*'/g, "''")

/** The tree is built anywhere: it names no registry, and no folder of one machine. */
export const namesAMachine: Law = tree => {
  const places = [/\bregistry\.[a-z0-9-]+\.[a-z]{2,}/, /"resolved": "https?:/, /^registry ?=/m]
  const machine = new RegExp(`(^|[^.\\w/-])/(work|home|Users)/\\w`)
  return tree
    .filter(file => !isLaw(file))
    .flatMap(({ path, text }: File) =>
      [...places, machine]
        .map(shape => shape.exec(text)?.[0])
        .filter(found => found !== undefined)
        .map(found => `${path} names ${found}`),
    )
}

/** Every package that we did not write has its reason in DECISIONS.md. */
export const unexplainedPackages: Law = tree => {
  const decisions = tree.find(({ path }) => path === 'DECISIONS.md')?.text ?? ''
  const needs = tree
    .filter(({ path }) => /(^|\/)package\.json$/.test(path))
    .flatMap(({ text }) => {
      const { dependencies, devDependencies, optionalDependencies } = JSON.parse(text)
      return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
    })
  return [...new Set(needs)]
    .filter(name => !/^@(bursar|types)\//.test(name) && !decisions.includes(`\`${name}\``))
    .map(name => `DECISIONS.md does not say why ${name} is here`)
}

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const

/** `npm ci` refuses a lock that knows other needs than the package.json files do. */
export const staleLock: Law = tree => {
  const lock = JSON.parse(tree.find(({ path }) => path === 'package-lock.json')?.text ?? '{}')
  const needs = (json: Record<string, object> = {}) =>
    kinds.map(kind => Object.entries(json[kind] ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return tree
    .filter(({ path }) => /(^|\/)package\.json$/.test(path))
    .filter(({ path, text }) => {
      const known = lock.packages?.[path === 'package.json' ? '' : dirname(path)]
      return JSON.stringify(needs(JSON.parse(text))) !== JSON.stringify(needs(known))
    })
    .map(({ path }) => `${path}: npm install --package-lock-only, then npm run fixlock`)
}
