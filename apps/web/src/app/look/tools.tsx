/** The tools above a list. Every one of them writes to the URL and nowhere else. */
import type { Route } from '@bursar/contract'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Dropdown, Input, Select } from 'antd'
import { useEffect, useState } from 'react'
import type { Ask } from '../call.ts'
import { takeAway } from '../export.ts'
import type { ListSearch } from '../search.ts'
import { useWide } from '../wide.ts'
import { useWords } from '../words.ts'
import { Failed } from './failed.tsx'

export type Filter =
  | {
      name: Exclude<keyof ListSearch, 'q' | 'from' | 'to' | 'cursor' | 'account' | 'next' | 'code'>
      label: string
      options: readonly (readonly [string, string])[]
      begin?: string
    }
  | { name: 'from' | 'to'; label: string; day: true }

/** In the URL, what says that a filter which begins narrow has been opened. */
export const everything = 'all'

export function useListSearch() {
  const search: ListSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const change = (to: { [K in keyof ListSearch]?: string | undefined }) => {
    const kept = Object.fromEntries(
      Object.entries({ account: search.account, ...to }).filter(([, value]) => value),
    )
    void navigate({ to: '.', search: kept, replace: !('cursor' in kept) })
  }
  return { search, change }
}

type Shape<R extends Route> = {
  route: R
  ask: Ask<R>
  filters: readonly Filter[]
  search?: string
  file?: string
}

export function Tools<R extends Route>({ route, ask, filters, search, file }: Shape<R>) {
  if (!search && filters.length === 0 && !file) return null
  return (
    <div className="tools no-print" role="search">
      {search ? <Search label={search} /> : null}
      <Filters of={filters} />
      {file && route.exports ? <Export route={route} ask={ask} file={file} /> : null}
    </div>
  )
}

/** On a phone the filters stand behind a button, unless one of them is in use. */
function Filters({ of }: { of: readonly Filter[] }) {
  const say = useWords()
  const wide = useWide()
  const { search } = useListSearch()
  const [open, setOpen] = useState(() => of.some(one => search[one.name]))
  if (of.length === 0) return null
  if (!wide && !open)
    return (
      <Button aria-expanded="false" onClick={() => setOpen(true)}>
        {say('filters')}
      </Button>
    )
  return of.map(one => <OneFilter key={one.name} filter={one} />)
}

function Search({ label }: { label: string }) {
  const { search, change } = useListSearch()
  const [text, setText] = useState(search.q ?? '')
  useEffect(() => {
    if (text.trim() === (search.q ?? '')) return
    const later = setTimeout(() => change({ ...search, cursor: undefined, q: text.trim() }), 300)
    return () => clearTimeout(later)
  })
  return (
    <Input
      className="search"
      type="search"
      allowClear
      placeholder={label}
      aria-label={label}
      value={text}
      onChange={event => setText(event.target.value)}
    />
  )
}

function OneFilter({ filter }: { filter: Filter }) {
  const say = useWords()
  const { search, change } = useListSearch()
  const put = (value: string | undefined) =>
    change({ ...search, cursor: undefined, [filter.name]: value })
  if ('day' in filter)
    return (
      <Input
        type="date"
        prefix={<span className="fine">{filter.label}</span>}
        aria-label={filter.label}
        style={{ width: 178 }}
        value={search[filter.name] ?? ''}
        onChange={event => put(event.target.value)}
      />
    )
  return (
    <Select
      aria-label={filter.label}
      style={{ minWidth: 128 }}
      popupMatchSelectWidth={false}
      value={search[filter.name] ?? filter.begin ?? everything}
      onChange={to => put(to === everything && !filter.begin ? undefined : to)}
      options={[
        { value: everything, label: `${filter.label} · ${say('all')}` },
        ...filter.options.map(([value, label]) => ({ value, label })),
      ]}
    />
  )
}

function Export<R extends Route>({ route, ask, file }: { route: R; ask: Ask<R>; file: string }) {
  const say = useWords()
  const [error, setError] = useState<Error>()
  const take = (kind: 'csv' | 'xlsx') => {
    setError(undefined)
    takeAway(route, ask, kind, file).catch((failed: Error) => setError(failed))
  }
  const items = [
    { key: 'csv', label: say('exportCsv') },
    { key: 'xlsx', label: say('exportXlsx') },
  ]
  const choose = ({ key }: { key: string }) => take(key === 'csv' ? 'csv' : 'xlsx')
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items, onClick: choose }}>
        <Button className="export">{say('export')}</Button>
      </Dropdown>
      <Failed error={error} />
    </>
  )
}
