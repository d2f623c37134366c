import { listMembers, type ReplyOf } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { useIsOnlyStaff } from '../app/faces.ts'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { day } from '../app/times.ts'
import { useShopWords } from './shop-words.ts'

type Row = ReplyOf<typeof listMembers>['rows'][number]

export default function Members() {
  const say = useShopWords()
  const merchant = useParam('merchant')
  if (useIsOnlyStaff(merchant))
    return (
      <Page desk title={say('members')}>
        <Empty
          act={
            <Link to="/custody/merchants/$merchant/charge" params={{ merchant }}>
              {say('charge')}
            </Link>
          }
        >
          {say('membersOfOwner')}
        </Empty>
      </Page>
    )
  return (
    <Page desk title={say('members')}>
      <Listing
        route={listMembers}
        ask={{ params: { merchant } }}
        search={say('searchMembers')}
        file={say('membersFile')}
        rowKey={(row: Row) => row.purse}
        narrow={row => [
          <>
            <b>{row.name}</b>
            <span className="fine">{day(row.joinedAt)}</span>
          </>,
          <Sum of={row.balance} className="row-figure" />,
        ]}
        columns={[
          { title: say('member'), cell: row => row.name },
          { title: say('joined'), cell: row => day(row.joinedAt) },
          { title: say('balance'), cell: row => <Sum of={row.balance} bare />, figure: true },
        ]}
        empty={<Empty>{say('noMembers')}</Empty>}
      />
    </Page>
  )
}
