import { listPools, type ReplyOf } from '@bursar/contract'
import { Navigate } from '@tanstack/react-router'
import { useFace, useMe } from '../app/faces.ts'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { useRead } from '../app/read.ts'
import { OpenPool } from './open-pool.tsx'
import { usePoolWords } from './pool-words.ts'

type Row = ReplyOf<typeof listPools>['rows'][number]

/** Where there is one pool, its equation is what was asked for. */
export default function Pools() {
  const say = usePoolWords()
  const { data } = useRead(listPools, {})
  const admin = useFace(useMe().me)?.role === 'admin'
  const only = data?.rows.length === 1 ? data.rows[0] : undefined
  if (only) return <Navigate to="/custody/pools/$pool" params={{ pool: only.id }} replace />
  return (
    <Page desk title={say('pools')} hint={say('poolsHint')}>
      <Listing
        route={listPools}
        ask={{}}
        rowKey={(row: Row) => row.id}
        to={row => `/custody/pools/${row.id}`}
        narrow={row => [
          <>
            <b>{row.name}</b>
            <span className="fine">{row.bankName}</span>
          </>,
          row.currency,
        ]}
        columns={[
          { title: say('pool'), cell: row => row.name },
          { title: say('bank'), cell: row => row.bankName },
          { title: say('supervisor'), cell: row => row.supervisorName },
          { title: say('currency'), cell: row => row.currency },
        ]}
        empty={<Empty>{say('noPools')}</Empty>}
      />
      {admin ? <OpenPool /> : null}
    </Page>
  )
}
