/** The tree as the laws see it: a list of files, and the places (packages) that they belong to. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export type File = Readonly<{ path: string; text: string }>
/** Reads a tree and answers its faults, one sentence each. */
export type Law = (tree: readonly File[]) => string[]
export type Place = Readonly<{ name: string; folder: string; needs: string[]; testNeeds: string[] }>
export type Import = Readonly<{ file: File; from: string; typeOnly: boolean }>

/** What is made, not written: the same names as in .gitignore. */
const made = /^(node_modules|var|dist|\.git)$|\.(log|tsbuildinfo)$/
const text = /\.(ts|tsx|mjs|sql|json|md|yml|yaml|css|html|txt|svg)$|^[^.]+$|^\.[a-z]+(rc)?$/

/** Every written text file below a folder. Not asked of git, which a bare machine need not have. */
export function readTree(root: string, below = ''): File[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap(one => {
    const path = join(below, one.name)
    if (made.test(one.name)) return []
    if (one.isDirectory()) return readTree(root, path)
    return one.isFile() && text.test(one.name)
      ? [{ path, text: readFileSync(join(root, path), 'utf8') }]
      : []
  })
}

export const isCode = ({ path }: File) => /\.(ts|tsx|mjs)$/.test(path)
export const isTest = ({ path }: File) => /(\.test\.tsx?|(^|[./])testing\.ts)$/.test(path)
export const isMigration = ({ path }: File) => /\/migrations\/[^/]*$/.test(path)
/** The laws themselves name what they forbid. */
export const isLaw = ({ path }: File) => path === 'tidy.test.ts' || path.startsWith('tools/tidy/')

/** Every package below the root, by folder. */
export const places = (tree: readonly File[]): Place[] =>
  tree
    .filter(({ path }) => path.endsWith('/package.json'))
    .map(({ path, text: json }) => {
      const { name, dependencies, devDependencies, optionalDependencies } = JSON.parse(json)
      const needs = Object.keys({ ...dependencies, ...optionalDependencies })
      return { name, folder: dirname(path), needs, testNeeds: Object.keys(devDependencies ?? {}) }
    })

export const filesOf = (tree: readonly File[], { folder }: Place): File[] =>
  tree.filter(file => file.path.startsWith(`${folder}/`))

/** What a file names as its source, statically or not, over several lines or on one. */
export function imports(file: File): Import[] {
  const found = (shape: RegExp) =>
    [...file.text.matchAll(shape)].map(([all, from]) => ({
      file,
      from: from!,
      typeOnly: /^\s*(import|export)\s+type\b/.test(all),
    }))
  return [
    ...found(/^[ \t]*(?:import|export)\s[\w\s{},*$]*?from\s+'([^'$]+)'/gm),
    ...found(/^[ \t]*import\s+'([^']+)'/gm),
    ...found(/\bimport\(\s*'([^'$]+)'\s*\)/g),
  ]
}

/** `@bursar/ledger/testing` is of the package `@bursar/ledger`, `pg/lib/x` of `pg`. */
export const packageOf = (from: string): string =>
  from
    .split('/')
    .slice(0, from.startsWith('@') ? 2 : 1)
    .join('/')
