/** One goods order as both sides see it: its number, its state, its lines; and time, while it runs. */
import { pauseTimer, resumeTimer, stopTimer, type GoodsOrderView } from '@bursar/contract'
import { Button } from 'antd'
import { useEffect, useState, type ReactNode } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Notice } from '../app/look/page.tsx'
import { State } from '../app/look/state.tsx'
import { Sum } from '../app/look/sum.tsx'
import { useChange } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { time } from '../app/times.ts'
import { useWords } from './words.ts'
import './order.css'

type Shape = { order: GoodsOrderView; title?: ReactNode; acts?: ReactNode }

export function Order({ order, title, acts }: Shape) {
  const say = useWords()
  const ended = order.state === 'refused' || order.state === 'cancelled'
  return (
    <article className={ended ? 'order ended' : 'order'}>
      <header>
        <span>
          {title}
          <span className="fine">
            {order.number} · {time(order.placedAt)}
          </span>
        </span>
        <State is={order.timer && !ended ? order.timer.state : order.state} />
      </header>
      <Lines order={order} />
      {order.note ? <p className="fine">{say('note', { note: order.note })}</p> : null}
      {order.reason ? <p className="fine">{say('saidWhy', { reason: order.reason })}</p> : null}
      {order.timer ? <Timer order={order} timer={order.timer} /> : null}
      {acts}
    </article>
  )
}

export const Lines = ({ order }: { order: GoodsOrderView }) => (
  <ul>
    {order.lines.map((line, at) => (
      <li key={at} className="order-line">
        <span>
          {line.name}
          {line.count > 1 ? ` × ${line.count}` : ''}
          {line.modifiers.length > 0 ? (
            <span className="fine"> {line.modifiers.join(' · ')}</span>
          ) : null}
        </span>
        <Sum of={line.amount} />
      </li>
    ))}
  </ul>
)

type Timed = { order: GoodsOrderView; timer: NonNullable<GoodsOrderView['timer']> }
function Timer({ order, timer }: Timed) {
  const say = useWords()
  const pause = useChange(pauseTimer)
  const resume = useChange(resumeTimer)
  const stop = useChange(stopTimer)
  const ask = { params: { order: order.id } }
  const runs = timer.state === 'running'
  if (timer.state === 'stopped')
    return <p className="fine">{say('minutes', { count: timer.minutes })}</p>
  return (
    <>
      <p className="timer">
        {runs && timer.endsAt && timer.short ? <Left until={timer.endsAt} /> : null}
        <span className="fine">
          {say('minutes', { count: timer.minutes })} ·{' '}
          {say('soFar', { amount: spoken(timer.cost) })}
        </span>
      </p>
      {runs && timer.endsAt && !timer.short ? (
        <p className="fine">{say('paidUntil', { at: time(timer.endsAt) })}</p>
      ) : null}
      {timer.short && runs && timer.endsAt ? (
        <Notice tone="wait">{say('timeShort', { at: time(timer.endsAt) })}</Notice>
      ) : null}
      <div className="order-acts">
        {timer.pausable ? (
          <Button
            loading={pause.isPending || resume.isPending}
            onClick={() => (runs ? pause : resume).mutate(ask)}
          >
            {say(runs ? 'pause' : 'resume')}
          </Button>
        ) : null}
        <Button loading={stop.isPending} onClick={() => stop.mutate(ask)}>
          {say('stop')}
        </Button>
      </div>
      <Failed error={pause.error ?? resume.error ?? stop.error} />
    </>
  )
}

/** Counts down; the server says how long, this only ticks. */
function Left({ until }: { until: string }) {
  const say = useWords()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(clock)
  }, [])
  const seconds = Math.max(0, Math.floor((Date.parse(until) - now) / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const text = `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(seconds % 60)}`
  return (
    <b role="timer" aria-live="off">
      {say('timeLeft', { time: text })}
    </b>
  )
}
