/** The same moment from the others' side: the shop's counter speaks, the equation moves. */
import { demoWatch, type ReplyOf } from '@bursar/contract'
import { State } from '../app/look/state.tsx'
import { Bones, Sum } from '../app/look/sum.tsx'
import { useRead } from '../app/read.ts'
import { exact } from '../app/times.ts'
import { useWords } from './words.ts'
import './demo.css'

type Watch = ReplyOf<typeof demoWatch>

export function Others() {
  const say = useWords()
  const { data, error } = useRead(demoWatch, {}, { every: 2000 })
  if (error && !data) return null
  return (
    <section className="others" aria-label={say('others')}>
      <header>
        <h2>{say('others')}</h2>
        <p className="fine">{say('othersHint')}</p>
      </header>
      <Shop of={data} />
      <Balance of={data} />
    </section>
  )
}

function Shop({ of }: { of: Watch | undefined }) {
  const say = useWords()
  return (
    <div className="others-part">
      <p className="fine">{of ? say('atShop', { name: of.shop.name }) : '\u00a0'}</p>
      <p className="figure">
        <Sum of={of?.shop.sum} />
      </p>
      <p className="fine one-line">{of ? say('spends', { count: of.shop.count }) : ''}</p>
      {of ? (
        <ul className="rows">
          {of.spends.map(spend => (
            <li key={spend.id} className="row">
              <span>
                <Sum of={spend.amount} className="row-figure" />
              </span>
              <span>
                <State is={spend.state} />
                <span className="fine">{exact(spend.at).slice(11)}</span>
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <Bones rows={3} />
      )}
      {of?.spends.length === 0 ? <p className="fine">{say('none')}</p> : null}
    </div>
  )
}

function Balance({ of }: { of: Watch | undefined }) {
  const say = useWords()
  const holds = of?.equation?.holds ?? true
  return (
    <div className="others-part">
      <dl className="pairs">
        <div>
          <dt>{say('held')}</dt>
          <dd>
            <Sum of={of?.equation?.assets} />
          </dd>
        </div>
        <div className="total">
          <dt>{say('owed')}</dt>
          <dd>
            <Sum of={of?.equation?.claims} />
          </dd>
        </div>
      </dl>
      <p className={holds ? 'state good' : 'state bad'}>
        {of?.equation
          ? holds
            ? say('equal', { seq: of.equation.seq })
            : say('unequal')
          : '\u00a0'}
      </p>
    </div>
  )
}
