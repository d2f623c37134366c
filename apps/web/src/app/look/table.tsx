/** A plain table: hairlines, figures on the right, the whole row a link where it leads somewhere. */
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Bone } from './sum.tsx'

export type Column<Row> = {
  title: string
  cell(row: Row): ReactNode
  figure?: boolean
  width?: number | string
}

type Shape<Row> = {
  rows: readonly Row[] | undefined
  columns: readonly Column<Row>[]
  rowKey(row: Row): string
  to?(row: Row): string
}

export function Table<Row>({ rows, columns, rowKey, to }: Shape<Row>) {
  return (
    <div className="table-place">
      <table className="table" aria-busy={rows === undefined}>
        <thead>
          <tr>
            {columns.map(one => (
              <th
                key={one.title}
                scope="col"
                className={one.figure ? 'right' : ''}
                style={{ width: one.width }}
              >
                {one.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows?.map(row => (
            <tr key={rowKey(row)} className={to ? 'goes' : ''}>
              {columns.map((one, at) => (
                <td key={one.title} className={one.figure ? 'right' : ''}>
                  {to && at === 0 ? <Link to={to(row)}>{one.cell(row)}</Link> : one.cell(row)}
                </td>
              ))}
            </tr>
          )) ?? <Waiting columns={columns.length} />}
        </tbody>
      </table>
    </div>
  )
}

const Waiting = ({ columns }: { columns: number }) =>
  Array.from({ length: 8 }, (_, row) => (
    <tr key={row}>
      {Array.from({ length: columns }, (_unused, cell) => (
        <td key={cell}>
          <Bone width={`${3 + ((row + cell * 2) % 4)}em`} />
        </td>
      ))}
    </tr>
  ))
