/** What was counted beside what was taken, with the difference: only ever after the count. */
import type { ShiftView } from '@bursar/contract'
import { useGatewayName } from '../app/gateways.ts'
import { Table } from '../app/look/table.tsx'
import { Sum } from '../app/look/sum.tsx'
import { added, turned } from '../app/sums.ts'
import { useShiftWords } from './shift-words.ts'

type Row = ShiftView['counts'][number]

export function useMeans() {
  const say = useShiftWords()
  const named = useGatewayName()
  return (means: string) =>
    means === 'balance' ? say('balance') : say('platform', { name: named(means) })
}

export function Counts({ of }: { of: ShiftView }) {
  const say = useShiftWords()
  const named = useMeans()
  return (
    <Table
      rows={of.counts}
      rowKey={(row: Row) => row.means}
      columns={[
        { title: say('means'), cell: row => named(row.means) },
        { title: say('declared'), cell: row => <Sum of={row.declared} bare />, figure: true },
        { title: say('found'), cell: row => <Sum of={row.found} bare />, figure: true },
        {
          title: say('difference'),
          cell: row => <Sum of={added([row.declared, turned(row.found)])} bare plus />,
          figure: true,
        },
      ]}
    />
  )
}
