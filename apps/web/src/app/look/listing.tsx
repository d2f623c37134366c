/**
 * A list: search, filters and page stand in the URL; a table on a desk, rows on a phone; skeletons
 * while it loads, a sentence that teaches when it is empty, and an export of exactly what is shown.
 */
import type { ReplyOf, Route } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { Ask } from '../call.ts'
import { useRead } from '../read.ts'
import { useWide } from '../wide.ts'
import { useWords } from '../words.ts'
import { Failed } from './failed.tsx'
import { Bones } from './sum.tsx'
import { Table, type Column } from './table.tsx'
import { everything, Tools, useListSearch, type Filter } from './tools.tsx'

type Shape<R extends Route, Row> = {
  route: R
  ask: Ask<R>
  columns: readonly Column<Row>[]
  rowKey(row: Row): string
  to?(row: Row): string
  /** The same row on a phone: what it is, and its figure. */
  narrow(row: Row): readonly [ReactNode, ReactNode]
  filters?: readonly Filter[]
  search?: string
  file?: string
  empty: ReactNode
  /** What stands below the rows of a page. */
  foot?(page: ReplyOf<R>): ReactNode
  every?: number
}

type PageOfRows<Row> = { rows: Row[]; next?: string }

export function Listing<R extends Route, Row>(props: Shape<R, Row>) {
  const { route, columns, rowKey, to, narrow, empty } = props
  const say = useWords()
  const wide = useWide()
  const { search, change } = useListSearch()
  const fixed = props.ask as { query?: object }
  const asked = {
    ...fixed,
    query: { ...fixed.query, ...queryOf(props, search) },
  } as unknown as Ask<R>
  const read = useRead(route, asked, { keep: true, every: props.every ?? false })
  const page = read.data as PageOfRows<Row> | undefined
  const filtered = Boolean(search.q) || (props.filters ?? []).some(one => search[one.name])
  const tools = (
    <Tools
      route={route}
      ask={asked}
      filters={props.filters ?? []}
      {...(props.search ? { search: props.search } : {})}
      {...(props.file ? { file: props.file } : {})}
    />
  )
  if (read.error && !page)
    return (
      <>
        {tools}
        <Failed error={read.error} again={() => void read.refetch()} />
      </>
    )
  if (page?.rows.length === 0)
    return (
      <>
        {tools}
        {filtered || search.cursor ? (
          <div className="empty">
            <p>{say('nothingFound')}</p>
            <Button onClick={() => change({})}>{say('clear')}</Button>
          </div>
        ) : (
          empty
        )}
      </>
    )
  return (
    <>
      {tools}
      {wide ? (
        <Table rows={page?.rows} columns={columns} rowKey={rowKey} {...(to ? { to } : {})} />
      ) : (
        <Rows rows={page?.rows} narrow={narrow} rowKey={rowKey} {...(to ? { to } : {})} />
      )}
      {page && props.foot?.(read.data as ReplyOf<R>)}
      <Pager next={page?.next} />
    </>
  )
}

function queryOf(props: { filters?: readonly Filter[]; search?: string }, search: object) {
  const kept = search as Record<string, string | undefined>
  const filters = (props.filters ?? []).map(one => {
    const begin = 'begin' in one ? one.begin : undefined
    return [one.name, kept[one.name] ?? begin] as const
  })
  const pairs = [...filters, ['cursor', kept['cursor']], ['q', props.search && kept['q']]] as const
  return Object.fromEntries(pairs.filter(([, value]) => value && value !== everything))
}

type RowsShape<Row> = {
  rows: readonly Row[] | undefined
  narrow(row: Row): readonly [ReactNode, ReactNode]
  rowKey(row: Row): string
  to?(row: Row): string
}

export function Rows<Row>({ rows, narrow, rowKey, to }: RowsShape<Row>) {
  if (!rows) return <Bones />
  return (
    <ul className="rows">
      {rows.map(row => {
        const [what, figure] = narrow(row)
        const inside = (
          <>
            <span>{what}</span>
            <span>{figure}</span>
          </>
        )
        return (
          <li key={rowKey(row)}>
            {to ? <RowLink to={to(row)}>{inside}</RowLink> : <div className="row">{inside}</div>}
          </li>
        )
      })}
    </ul>
  )
}

const RowLink = ({ to, children }: { to: string; children: ReactNode }) => (
  <Link to={to} className="row">
    {children}
  </Link>
)

function Pager({ next }: { next: string | undefined }) {
  const say = useWords()
  const { search, change } = useListSearch()
  if (!next && !search.cursor) return null
  return (
    <nav className="pager no-print" aria-label={say('next')}>
      {search.cursor ? (
        <Button onClick={() => change({ ...search, cursor: undefined })}>{say('firstPage')}</Button>
      ) : (
        <span />
      )}
      {next ? (
        <Button onClick={() => change({ ...search, cursor: next })}>{say('next')}</Button>
      ) : null}
    </nav>
  )
}
