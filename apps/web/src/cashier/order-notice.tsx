/** Beside what is ordered: the refusal, the doubt; and the way to the wallet when money is missing. */
import { Link } from '@tanstack/react-router'
import type { ComponentProps } from 'react'
import { WishNotice } from '../app/look/failed.tsx'
import { useWords } from './words.ts'

type Shape = { wish: ComponentProps<typeof WishNotice>['wish']; purse: `pur_${string}` }

export function OrderNotice({ wish, purse }: Shape) {
  const say = useWords()
  const short = wish.phase === 'ready' && wish.failure?.problem?.code === 'top_up_needed'
  return (
    <div aria-live="polite">
      <WishNotice wish={wish} />
      {short ? (
        <Link className="big-link" to="/custody/purses/$purse/top-up" params={{ purse }}>
          {say('topUp')}
        </Link>
      ) : null}
    </div>
  )
}
