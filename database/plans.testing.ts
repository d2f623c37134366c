/**
 * What PostgreSQL really does for a statement, the statements inside of functions included: auto_explain
 * tells the plan of each on the connection that ran it. So a test can hold the hot path to a rule without
 * knowing its statements.
 */
import pg from 'pg'
import { connected } from './connect.ts'

type Node = Readonly<{
  Plans?: readonly Node[]
  'Node Type': string
  Schema?: string
  'Relation Name'?: string
  Alias?: string
}> &
  Readonly<Record<string, unknown>>
/** `ms` is what the server took to execute it, without planning it and without sending the answer. */
export type Told = Readonly<{ text: string; plan: Node; ms: number }>

/**
 * From now on every new connection of the role to the database tells its plans. Answers what was told since
 * the last time. To tell the statements inside of functions costs time that the outer ones are charged with.
 */
export async function tellPlans(
  superUrl: string,
  url: string,
  { nested = true }: Readonly<{ nested?: boolean }> = {},
): Promise<() => Told[]> {
  const { pathname, username } = new URL(url)
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_nested_statements': nested ? 'on' : 'off',
    'auto_explain.log_verbose': 'on',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
  }
  await connected(superUrl, async on => {
    for (const [name, value] of Object.entries(settings))
      await on.script(
        `alter role ${username} in database ${pathname.slice(1)} set ${name} = '${value}'`,
      )
  })
  let told: Told[] = []
  listen(({ message = '' }) => {
    const [, ms, json] = /^duration: (.*?) ms +plan:\s*(\{.*\})\s*$/s.exec(message) ?? []
    if (!json) return
    const { 'Query Text': text, Plan: plan } = JSON.parse(json) as {
      'Query Text': string
      Plan: Node
    }
    told.push({ text, plan, ms: Number(ms) })
  })
  return () => {
    const all = told
    told = []
    return all
  }
}

/** Every client that connects from now on is listened to. */
function listen(hear: (notice: { message?: string | undefined }) => void): void {
  const { connect } = pg.Client.prototype
  pg.Client.prototype.connect = function (this: pg.Client, ...args: Parameters<typeof connect>) {
    this.on('notice', hear)
    return connect.apply(this, args)
  } as typeof connect
}

/**
 * The plan's looks at these tables that are not held to one book, as sentences. A look is held by a value,
 * or by the book of a neighbour that is one of these tables itself, and so is looked at as well.
 */
export function withoutBook({ text, plan }: Told, distributed: ReadonlySet<string>): string[] {
  const nodes = [...nodesOf(plan, [])]
  const said = text.trim().replaceAll(/\s+/g, ' ')
  const isOurs = ({ Schema, 'Relation Name': relation }: Node) =>
    distributed.has(`${Schema}.${relation}`)
  const ours = new Set(nodes.flatMap(({ node }) => (isOurs(node) ? [node.Alias ?? ''] : [])))
  return nodes
    .filter(({ node }) => isOurs(node) && node['Node Type'] !== 'ModifyTable')
    .filter(({ node, held }) => !held.some(one => holds(one, node.Alias ?? '', ours)))
    .map(
      ({ node }) => `${node['Node Type']} of ${node.Schema}.${node['Relation Name']} in: ${said}`,
    )
}

/** Every node with the conditions that hold it: its own, those above it, and those of its bitmaps. */
function* nodesOf(node: Node, above: readonly string[]): Generator<{ node: Node; held: string[] }> {
  const held = [...above, ...conditionsOf(node)]
  const below = (node.Plans ?? []).filter(({ Alias }) => Alias === undefined)
  yield { node, held: [...held, ...below.flatMap(conditionsOf)] }
  for (const next of node.Plans ?? []) yield* nodesOf(next, held)
}

const conditionsOf = (node: Node): string[] =>
  Object.entries(node).flatMap(([name, said]) =>
    /(Cond|Filter)$/.test(name) && name !== 'One-Time Filter' ? [String(said)] : [],
  )

/** `(e.book = 1)`, `(p.book = e.book)`, `(e.book = $1)`. */
function holds(condition: string, alias: string, ours: ReadonlySet<string>): boolean {
  return [...condition.matchAll(/\(([^()\s]+) = ([^()\s]+)\)/g)].some(
    ([, one = '', other = '']) => {
      const [mine, theirs] = one === `${alias}.book` ? [one, other] : [other, one]
      if (mine !== `${alias}.book`) return false
      const neighbour = /^(.+)\.\w+$/.exec(theirs)?.[1]
      return neighbour === undefined || (theirs.endsWith('.book') && ours.has(neighbour))
    },
  )
}
