/** The itemised bill: every line that is paid, then what comes on top, then one total. */
import type { TabView } from '@bursar/contract'
import { Pairs, Section } from '../app/look/page.tsx'
import { Sum } from '../app/look/sum.tsx'
import { added, minor, turned } from '../app/sums.ts'
import { billOf, running } from './counted.ts'
import { Lines } from './order.tsx'
import { useWords } from './words.ts'

export function Bill({ tab, tip = tab.tip }: { tab: TabView; tip?: TabView['tip'] }) {
  const say = useWords()
  const { orders, off, due } = billOf(tab)
  const whole = tab.state === 'open' ? added([due, tip]) : tab.total
  const still = orders.filter(one => !running(one))
  const sumOf = (of: 'goods' | 'service' | 'tax') =>
    added(
      still.map(one => one[of]),
      tab.total.currency,
    )
  const some = (sum: TabView['tip']) =>
    minor(sum) === 0n ? undefined : <Sum key={sum.amount} of={sum} />
  return (
    <Section title={say('bill')}>
      {orders.map(one => (
        <div key={one.id} className="order">
          <p className="fine">{one.number}</p>
          {one.timer && running(one) ? (
            <p className="order-line">
              <span>
                {one.lines[0]?.name}{' '}
                <span className="fine">{say('minutes', { count: one.timer.minutes })}</span>
              </span>
              <Sum of={one.timer.cost} />
            </p>
          ) : (
            <Lines order={one} />
          )}
        </div>
      ))}
      <Pairs
        of={[
          [
            say('goods'),
            some(sumOf('service')) || some(sumOf('tax')) ? some(sumOf('goods')) : undefined,
          ],
          [say('service'), some(sumOf('service'))],
          [say('tax'), some(sumOf('tax'))],
          [say('discount'), some(turned(off))],
          [say('tip'), some(tip)],
          [say(tab.state === 'open' ? 'due' : 'total'), <Sum key="due" of={whole} />, 'total'],
        ]}
      />
    </Section>
  )
}
