/** A day that is final, with its number and the shifts that were counted on it. */
import { readZReport } from '@bursar/contract'
import { Button } from 'antd'
import { Failed } from '../app/look/failed.tsx'
import { Page } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useParam } from '../app/params.ts'
import { useRead } from '../app/read.ts'
import { exact } from '../app/times.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { Sheet, ShiftsOf } from './report.tsx'
import { useShiftWords } from './shift-words.ts'

export default function ZReport() {
  const say = useShiftWords()
  const app = useAppWords()
  const [merchant, outlet] = [useParam('merchant'), useParam('outlet')]
  const number = useParam('number')
  const read = useRead(readZReport, { params: { merchant, outlet, number } })
  const z = read.data
  return (
    <Page
      desk
      title={say('zTitle', { number })}
      hint={z ? say('zHint', { name: z.madeByName, at: exact(z.madeAt) }) : '\u00a0'}
      back={{ to: `/cashier/merchants/${merchant}/shifts`, label: say('shifts') }}
      acts={
        <Button disabled={!z} onClick={() => print()}>
          {app('print')}
        </Button>
      }
    >
      <Failed error={read.error} again={() => void read.refetch()} />
      {z ? (
        <>
          <Sheet report={z.report} />
          <ShiftsOf shifts={z.shifts} />
        </>
      ) : (
        <Bones rows={6} />
      )}
    </Page>
  )
}
