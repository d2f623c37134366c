/** A refusal in words: what happened, why, what to do next. And what to do when no answer came. */
import type { Money } from '@bursar/contract'
import { Button } from 'antd'
import { Failure } from '../call.ts'
import { useWords } from '../words.ts'
import { Notice } from './page.tsx'
import { Sum } from './sum.tsx'

export function Failed({ error, again }: { error: Error | null | undefined; again?: () => void }) {
  const say = useWords()
  if (!error) return null
  const failure = error instanceof Failure ? error : undefined
  const problem = failure?.problem
  const sentence =
    failure?.ending === 'offline'
      ? say('offline')
      : (problem?.detail ?? problem?.title ?? say('noAnswer'))
  const fields = problem?.errors?.map(one => one.detail).filter(one => one !== sentence) ?? []
  return (
    <Notice tone="bad">
      <p>{sentence}</p>
      {fields.map(one => (
        <p key={one}>{one}</p>
      ))}
      {again ? (
        <Button size="small" onClick={again}>
          {say('tryAgain')}
        </Button>
      ) : null}
    </Notice>
  )
}

type Wish = {
  phase: 'ready' | 'sending' | 'unknown'
  failure: Failure | undefined
  held: { ask: object } | undefined
  askAgain(): Promise<void>
  giveUp(): void
}

/** Beside a money form: the refusal, or the doubt with its way out. */
export function WishNotice({ wish }: { wish: Wish }) {
  const say = useWords()
  if (wish.phase !== 'unknown') return <Failed error={wish.failure} />
  const meant = (wish.held?.ask as { body?: { amount?: Money } } | undefined)?.body?.amount
  return (
    <Notice tone="wait">
      <p>
        <b>{say('unknownTitle')}</b> {meant ? <Sum of={meant} /> : null}
      </p>
      <p>{say('unknownText')}</p>
      <div className="acts-row">
        <Button type="primary" onClick={() => void wish.askAgain()}>
          {say('askAgain')}
        </Button>
        <Button onClick={wish.giveUp}>{say('giveUp')}</Button>
      </div>
    </Notice>
  )
}
