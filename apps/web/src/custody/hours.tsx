/** A day as twenty-four bars. Each says its sum, so that nothing is told by height alone. */
import type { Money } from '@bursar/contract'
import { minor, spoken } from '../app/sums.ts'
import { useShopWords } from './shop-words.ts'
import './hours.css'

type Hour = { hour: number; sum: Money; count: number }

export function Hours({ of }: { of: readonly Hour[] | undefined }) {
  const say = useShopWords()
  const byHour = new Map(of?.map(one => [one.hour, one]))
  const most = (of ?? []).reduce((max, one) => (minor(one.sum) > max ? minor(one.sum) : max), 1n)
  return (
    <ol className="hours" aria-label={say('perHour')}>
      {Array.from({ length: 24 }, (_, hour) => {
        const one = byHour.get(hour)
        const tall = one ? Number((minor(one.sum) * 100n) / most) : 0
        const words = `${say('hour', { hour })} ${one ? spoken(one.sum) : ''}`
        return (
          <li key={hour} title={words}>
            <span style={{ height: `${tall}%` }} />
            <span className="unseen">{words}</span>
            {hour % 6 === 0 ? <small aria-hidden="true">{hour}</small> : null}
          </li>
        )
      })}
    </ol>
  )
}
