/** The X report: the business day as it stands now. Whoever is on shift counts before looking. */
import { readDay } from '@bursar/contract'
import { Button } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Page } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useOutlet } from './outlet-choice.tsx'
import { Sheet } from './report.tsx'
import { useShiftWords } from './shift-words.ts'

export default function XReport() {
  const say = useShiftWords()
  const app = useAppWords()
  const merchant = useParam('merchant')
  const { outlet, field } = useOutlet(merchant)
  const params = { merchant, outlet: outlet?.id ?? ('out_' as const) }
  const read = useRead(readDay, { params, query: {} }, { when: Boolean(outlet), every: 15_000 })
  return (
    <Page
      desk
      title={outlet ? `${say('xTitle')} · ${outlet.name}` : say('xTitle')}
      hint={say('xHint')}
      back={{ to: `/cashier/merchants/${merchant}/shifts`, label: say('shifts') }}
      acts={
        <>
          {field}
          <Button disabled={!read.data} onClick={() => print()}>
            {app('print')}
          </Button>
        </>
      }
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {read.data ? <Sheet report={read.data} /> : read.error ? null : <Bones rows={6} />}
    </Page>
  )
}
