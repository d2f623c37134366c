/** All spends of a merchant, as a list that can be searched, filtered, kept as a link and exported. */
import { listSpends, type ReplyOf } from '@bursar/contract'
import { Listing } from '../app/look/listing.tsx'
import { Empty, Page } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useIsOnlyStaff } from '../app/faces.ts'
import { useParam } from '../app/params.ts'
import { minor } from '../app/sums.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { stateOf, whereOf } from './receipt.tsx'
import { useShopWords } from './shop-words.ts'

type Row = ReplyOf<typeof listSpends>['rows'][number]
const states = ['waiting', 'done', 'declined', 'expired'] as const

export default function Spends() {
  const say = useShopWords()
  const app = useAppWords()
  const merchant = useParam('merchant')
  const isOnlyStaff = useIsOnlyStaff(merchant)
  return (
    <Page desk title={say('spends')} {...(isOnlyStaff && { hint: say('spendsOfStaff') })}>
      <Listing
        route={listSpends}
        ask={{ params: { merchant } }}
        search={say('searchSpends')}
        file={say('file')}
        filters={[
          {
            name: 'state',
            label: say('state'),
            options: states.map(state => [state, app(`state.${state}`)] as const),
          },
          {
            name: 'initiator',
            label: say('initiator'),
            options: (['consumer', 'merchant'] as const).map(
              one => [one, say(`initiator.${one}`)] as const,
            ),
          },
          { name: 'from', label: app('from'), day: true },
          { name: 'to', label: app('to'), day: true },
        ]}
        rowKey={(row: Row) => row.id}
        to={row => `/custody/spends/${row.id}`}
        narrow={row => [
          <>
            <b>{row.personName}</b>
            <span className="fine">
              {moment(row.at)} · {say(`initiator.${row.initiator}`)}
            </span>
          </>,
          <>
            <Sum of={row.amount} className="row-figure" />
            <State is={stateOf(row)} />
          </>,
        ]}
        columns={[
          { title: say('when'), cell: row => moment(row.at), width: 150 },
          { title: say('member'), cell: row => row.personName },
          { title: say('state'), cell: row => <State is={stateOf(row)} />, width: 110 },
          { title: say('initiator'), cell: row => say(`initiator.${row.initiator}`), width: 110 },
          { title: say('outlet'), cell: row => <span className="soft">{whereOf(row)}</span> },
          { title: say('amount'), cell: row => <Sum of={row.amount} bare />, figure: true },
          {
            title: say('refunded'),
            cell: row => (minor(row.refunded) > 0n ? <Sum of={row.refunded} bare /> : '—'),
            figure: true,
          },
        ]}
        empty={<Empty>{say('noSpends')}</Empty>}
      />
    </Page>
  )
}
