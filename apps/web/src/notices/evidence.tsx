/** All that was heard, by whom, and what became of it: the filtered, the contradicting and the unreadable are here too. */
import { listEvidence, type EvidenceView } from '@bursar/contract'
import { Listing } from '../app/look/listing.tsx'
import { Empty } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { moment } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { Desk } from './frame.tsx'
import { Said } from './notice.tsx'
import { platformName } from './platforms.ts'
import { TakeStatement } from './statement.tsx'
import { outcomes, useWords } from './words.ts'

const sources = ['phone', 'sms', 'callback', 'books', 'statement', 'rehearsal'] as const

export default function Evidence() {
  const say = useDeskWords()
  const word = useWords()
  const app = useAppWords()
  const merchant = useParam('merchant')
  return (
    <Desk
      merchant={merchant}
      title={say('evidence')}
      hint={say('evidenceHint')}
      acts={<TakeStatement merchant={merchant} />}
    >
      <Listing
        route={listEvidence}
        ask={{ params: { merchant } }}
        search={say('searchNotices')}
        file={say('evidence')}
        filters={[
          {
            name: 'outcome',
            label: say('outcome'),
            options: outcomes.map(one => [one, word(`outcome.${one}`)] as const),
          },
          {
            name: 'source',
            label: say('source'),
            options: sources.map(one => [one, say(`source.${one}`)] as const),
          },
          { name: 'from', label: app('from'), day: true },
          { name: 'to', label: app('to'), day: true },
        ]}
        rowKey={(row: EvidenceView) => row.id}
        to={row =>
          row.notice
            ? `/notices/merchants/${merchant}/notices/${row.notice}`
            : `/notices/merchants/${merchant}/evidence`
        }
        narrow={row => [<Said key="said" of={row} />, row.amount ? <Sum of={row.amount} /> : '']}
        columns={[
          { title: say('heardAt'), cell: row => moment(row.heardAt), width: 150 },
          {
            title: say('source'),
            cell: row =>
              [say(`source.${row.source}`), row.terminalName].filter(Boolean).join(' · '),
          },
          { title: say('till'), cell: row => row.tillName ?? '' },
          { title: say('platform'), cell: row => (row.platform ? platformName(row.platform) : '') },
          { title: say('kind'), cell: row => word(`kind.${row.kind}`) },
          { title: say('outcome'), cell: row => word(`outcome.${row.outcome}`) },
          {
            title: say('amount'),
            cell: row => (row.amount ? <Sum of={row.amount} bare /> : '—'),
            figure: true,
          },
        ]}
        empty={<Empty>{say('noEvidence')}</Empty>}
      />
    </Desk>
  )
}
