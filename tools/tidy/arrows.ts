/** Who may import whom: declared, from outside inward, never in a circle. */
import { dirname, join } from 'node:path'
import {
  filesOf,
  imports,
  isCode,
  isTest,
  packageOf,
  places,
  type File,
  type Import,
  type Law,
  type Place,
} from './tree.ts'

/** From the inmost to the outmost. A ring imports itself and what is inside it. */
const rings = ['money', 'ledger', 'kernel', 'business', 'gateways', 'apps']
const ringOf = ({ folder }: Place) => rings.indexOf(folder.split('/')[0]!)
const importsOf = (tree: readonly File[], place: Place): Import[] =>
  filesOf(tree, place).filter(isCode).flatMap(imports)
const isRelative = ({ from }: Import) => from.startsWith('.')

/** Tests may also use what their package.json, or the house's own, names for development. */
export const undeclared: Law = tree => {
  const root = tree.find(({ path }) => path === 'package.json')
  const houseNeeds = Object.keys(JSON.parse(root?.text ?? '{}').devDependencies ?? {})
  return places(tree).flatMap(place =>
    importsOf(tree, place)
      .filter(one => !isRelative(one) && !one.from.startsWith('node:'))
      .filter(({ file, from }) => {
        const other = packageOf(from)
        if (other === place.name || place.needs.includes(other)) return false
        return !(isTest(file) && [...place.testNeeds, ...houseNeeds].includes(other))
      })
      .map(({ file, from }) => `${file.path}: ${place.name} does not declare ${from}`),
  )
}

export const reachingOut: Law = tree =>
  places(tree).flatMap(place =>
    importsOf(tree, place)
      .filter(isRelative)
      .filter(({ file, from }) => !join(dirname(file.path), from).startsWith(`${place.folder}/`))
      .map(({ file, from }) => `${file.path} reaches out of ${place.folder} to ${from}`),
  )

/** Whether one place may stand on another, for good (not only in its tests). */
function mayNeed(place: Place, other: Place): boolean {
  const [from, to] = [ringOf(place), ringOf(other)]
  const isApp = place.folder.startsWith('apps/')
  if (place.folder === 'apps/web') return ['money', 'contract'].includes(other.folder)
  if (other.folder === 'contract')
    return from < 0 || isApp || place.folder.startsWith('gateways/devices')
  if (other.folder === 'database') return from < 0 || isApp
  if (to < 0) return from < 0
  return from < 0 || to <= from
}

export const outwardArrows: Law = tree => {
  const all = places(tree)
  const byName = new Map(all.map(place => [place.name, place]))
  return all.flatMap(place =>
    place.needs
      .map(need => byName.get(need))
      .filter(other => other !== undefined)
      .filter(other => !mayNeed(place, other))
      .map(other => `${place.folder} may not stand on ${other.folder}`),
  )
}

/** The contract says what crosses a wire; of the rings it may know the types, never the doing. */
export const contractStandsAside: Law = tree => {
  const ours = new Map(places(tree).map(place => [place.name, ringOf(place)]))
  return tree
    .filter(file => file.path.startsWith('contract/') && isCode(file) && !isTest(file))
    .flatMap(imports)
    .filter(({ from, typeOnly }) => !typeOnly && (ours.get(packageOf(from)) ?? -1) >= 0)
    .map(({ file, from }) => `${file.path} does more than name types of ${from}`)
}

export const circlesOfPlaces: Law = tree => {
  const all = places(tree)
  const names = new Set(all.map(({ name }) => name))
  return circles(new Map(all.map(one => [one.name, one.needs.filter(need => names.has(need))])))
}

/** Between files, a circle of types is a circle too: the two belong together, or a third below. */
export const circlesOfFiles: Law = tree =>
  circles(
    new Map(
      tree.filter(isCode).map(file => {
        const near = imports(file).filter(isRelative)
        return [file.path, near.map(({ from }) => join(dirname(file.path), from))]
      }),
    ),
  )

function circles(arrows: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const found: string[] = []
  function visit(at: string, path: readonly string[]): void {
    if (path.includes(at)) found.push([...path.slice(path.indexOf(at)), at].join(' → '))
    if (path.includes(at) || done.has(at)) return
    for (const next of arrows.get(at) ?? []) visit(next, [...path, at])
    done.add(at)
  }
  for (const at of arrows.keys()) visit(at, [])
  return found
}
