/**
 * `npm run api`: money/API.md and ledger/API.md, from the declarations that tsc makes for others and the
 * docstrings in them. TypeScript 7 has no programming interface, but what it prints has one form: each
 * statement begins at the left edge, and its docstring stands right above it.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emit, entriesOf, inTemporary, manifestOf, published, type Published } from './packages.ts'

const root = join(import.meta.dirname, '..')

/** A declaration file: what each name is, and where a name comes from that is not its own. */
type Source = Readonly<{
  own: Map<string, Told>
  from: Map<string, Origin>
  all: string[]
}>
type Told = Readonly<{ doc: string; text: string; isPublic: boolean }>
type Origin = Readonly<{ file: string; name: string; isPublic: boolean }>
export type Sources = Readonly<Record<string, string>>
/** What an entry exports: its name, its docstring, its declaration and those that this one stands on. */
export type Exported = Readonly<{ name: string; doc: string; text: string; isValue: boolean }>

const declared =
  /^(?:export )?(?:declare )?(?:abstract )?(?:function|const|class|type|interface) (\w+)/
const listed = /^(export|import) (type )?\{([^}]*)\} from '\.\/([^']+)\.js'/

/** The declarations of a place, by file name without its ending. */
export function declarationsOf(folder: Published): Sources {
  const known = printed.get(folder) ?? print(folder)
  printed.set(folder, known)
  return known
}
/** tsc takes a second for them. */
const printed = new Map<Published, Sources>()

function print(folder: Published): Sources {
  return inTemporary(to => {
    emit(folder, to)
    const names = globSync('*.d.ts', { cwd: to })
    return Object.fromEntries(
      names.map(name => [name.replace('.d.ts', ''), readFileSync(join(to, name), 'utf8')]),
    )
  })
}

/** Everything that can be imported from a file, in the order in which it is told there. */
export function exportsOf(sources: Sources, entry: string): Exported[] {
  const read = new Map(Object.entries(sources).map(([file, text]) => [file, parse(text)]))
  const found: Exported[] = []
  const offered = offers(read, entry)
  const known = new Set([...offered.values()].map(one => `${one.file} ${one.name}`))
  for (const [name, at] of offered) {
    const told = read.get(at.file)!.own.get(at.name)!
    const text = [told.text, ...below(read, at, known)].join('\n')
    found.push({ name, doc: told.doc, text, isValue: !/^(type|interface) /.test(told.text) })
  }
  return found
}

/** Names that an entry offers, followed to the file that declares them. */
function offers(
  read: Map<string, Source>,
  file: string,
): Map<string, { file: string; name: string }> {
  const { own, from, all } = read.get(file)!
  const found = new Map<string, { file: string; name: string }>()
  for (const [name, { isPublic }] of own) if (isPublic) found.set(name, { file, name })
  for (const [name, origin] of from)
    if (origin.isPublic) {
      const at = offers(read, origin.file).get(origin.name)
      if (!at) throw new Error(`${origin.file} does not declare ${origin.name}`)
      found.set(name, at)
    }
  for (const other of all) for (const [name, at] of offers(read, other)) found.set(name, at)
  return found
}

/** The types that a declaration names and that have no place of their own on the page: told once. */
function below(
  read: Map<string, Source>,
  { file, name }: { file: string; name: string },
  known: Set<string>,
): string[] {
  const { own, from } = read.get(file)!
  const words = new Set(own.get(name)?.text.match(/\b[A-Z]\w+/g))
  return [...words].flatMap(word => {
    const origin = own.has(word) ? { file, name: word } : from.get(word)
    if (!origin || known.has(`${origin.file} ${origin.name}`)) return []
    known.add(`${origin.file} ${origin.name}`)
    const told = read.get(origin.file)?.own.get(origin.name)
    return told ? [told.text, ...below(read, origin, known)] : []
  })
}

function parse(text: string): Source {
  const source: Source = { own: new Map(), from: new Map(), all: [] }
  for (const { doc, statement } of statements(text)) {
    const name = declared.exec(statement)?.[1]
    if (name) {
      const isPublic = statement.startsWith('export ')
      const bare = statement
        .replace(/^(export )?(declare )?/, '')
        .replace(/;$/, '')
        .replaceAll('    ', '  ')
      // Overloads and merged declarations stand together.
      const before = source.own.get(name)
      source.own.set(name, {
        doc: before?.doc || doc,
        text: before ? `${before.text}\n${bare}` : bare,
        isPublic,
      })
    }
    const star = /^export (?:type )?\* from '\.\/([^']+)\.js'/.exec(statement)?.[1]
    if (star) source.all.push(star)
    const [, kind, , names = '', file = ''] = listed.exec(statement) ?? []
    for (const one of names.split(',').filter(one => one.trim() !== '')) {
      const [original = '', as = original] = one
        .trim()
        .replace(/^type /, '')
        .split(' as ')
      const isPublic = kind === 'export' || source.from.get(as)?.isPublic === true
      source.from.set(as, { file, name: original, isPublic })
    }
  }
  return source
}

/** The statements of a declaration file, each with the docstring that stands right above it. */
function statements(text: string): { doc: string; statement: string }[] {
  const found: { doc: string; statement: string }[] = []
  let doc = ''
  let open: string[] | undefined
  const close = () => {
    if (open) found.push({ doc, statement: open.join('\n') })
    if (open) doc = ''
    open = undefined
  }
  const pattern = /\/\*\*(.*?)\*\/\n?|([^\n]*)\n/gsy
  for (const [whole, comment, line = ''] of text.matchAll(pattern)) {
    const atEdge = open === undefined || !isOpen(open)
    if (comment !== undefined && atEdge) {
      close()
      // One that another one follows is the file's own.
      if (doc) found.push({ doc, statement: '' })
      doc = plain(comment)
    } else if (comment !== undefined) open!.push(whole.trimEnd())
    else if (/^(export|declare|type|interface|import|class)\b/.test(line)) {
      close()
      open = [line]
    } else if (open && line !== '') open.push(line)
  }
  close()
  return found.filter(({ statement }) => statement !== 'export {};')
}

/** Whether a bracket of the statement is still open, so that a comment is one of its members'. */
const isOpen = (lines: readonly string[]) => {
  const text = lines.join('\n').replaceAll(/\/\*.*?\*\//gs, '')
  return (text.match(/[{(<]/g) ?? []).length > (text.match(/[})]|(?<!=)>/g) ?? []).length
}

const plain = (comment: string) =>
  comment
    .split('\n')
    .map(line => line.replace(/^\s*\* ?/, ''))
    .join('\n')
    .trim()

/** The whole page of a place. */
export function pageOf(folder: Published): string {
  const manifest = manifestOf(folder)
  const sources = declarationsOf(folder)
  const parts = [
    `# ${manifest.name}: every name`,
    'Made by `npm run api` from the declarations and their docstrings; a test compares.',
  ]
  for (const [entry, path] of entriesOf(manifest)) {
    const file = path.replace(/^\.\/|\.ts$/g, '')
    parts.push(`## \`${join(manifest.name, entry)}\``, quoted(headOf(folder, path)))
    for (const { name, doc, text } of exportsOf(sources, file))
      parts.push(`### ${name}`, quoted(doc), `\`\`\`ts\n${text}\n\`\`\``)
  }
  return `${parts.filter(part => part !== '').join('\n\n')}\n`
}

/** What a file says of itself. Read where it is written: tsc drops it together with an import. */
const headOf = (folder: Published, file: string) =>
  plain(/^\/\*\*(.*?)\*\//s.exec(readFileSync(join(root, folder, file), 'utf8'))?.[1] ?? '')

/** What is set apart in a docstring, like a table of steps, stays as it is set. */
const quoted = (doc: string) =>
  doc.replaceAll(/(?:^|\n\n)((?: {2,}.*(?:\n|$))+)/g, '\n\n```text\n$1```\n')

if (import.meta.main)
  for (const folder of published) writeFileSync(join(root, folder, 'API.md'), pageOf(folder))
