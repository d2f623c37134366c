/** The columns of a list, read off the contract's row: nested fields become columns of their own. */
import type { Route } from '@bursar/contract'

/** A sum is a number, an instant a time of day, a word is one of a few and has a name in each language, the rest is text. */
export type Column = Readonly<{
  path: readonly string[]
  kind: 'sum' | 'instant' | 'word' | 'text'
}>

type Schema = Readonly<{
  properties?: Readonly<Record<string, Schema>>
  items?: Schema
  anyOf?: readonly Schema[]
  enum?: readonly unknown[]
  const?: unknown
  type?: string
  format?: string
}>

export function columnsOf(reply: Route['reply']): Column[] {
  const row = (reply as Schema).properties?.['rows']?.items
  if (!row) throw new Error('A route that exports answers a page: { rows, next? }')
  return leaves(row, [])
}

/** Rows within a row have no columns, nor has an object whose names nobody knows beforehand. */
function leaves(schema: Schema, path: readonly string[]): Column[] {
  const object = [schema, ...(schema.anyOf ?? [])].find(one => one.properties)
  if (!object)
    return schema.type === 'object' || (schema.type === 'array' && schema.items?.properties)
      ? []
      : [{ path, kind: kindOf(schema, path.at(-1)) }]
  const fields = object.properties!
  if (fields['amount'] && fields['currency'] && Object.keys(fields).length === 2)
    return [
      { path: [...path, 'amount'], kind: 'sum' },
      { path: [...path, 'currency'], kind: 'text' },
    ]
  return Object.entries(fields).flatMap(([name, field]) => leaves(field, [...path, name]))
}

/** An event, a state of the books', a platform: words that the contract leaves open. */
const words: ReadonlySet<string | undefined> = new Set(['event', 'kind', 'state', 'gateway'])

const isInstant = ({ format, anyOf }: Schema): boolean =>
  format === 'date-time' || Boolean(anyOf?.some(one => one.format === 'date-time'))

function kindOf(schema: Schema, name: string | undefined): Column['kind'] {
  if (words.has(name)) return 'word'
  if (isInstant(schema)) return 'instant'
  const few =
    schema.enum ?? (schema.anyOf?.every(one => 'const' in one || one.type === 'null') || undefined)
  return few !== undefined && schema.type !== 'boolean' ? 'word' : 'text'
}
