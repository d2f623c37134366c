/** Beside what is ordered: the refusal, the doubt; and the way to the wallet when money is missing, with what is needed. */
import { readPlace, readPurse, type Money } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { useEffect, type ComponentProps } from 'react'
import { WishNotice } from '../app/look/failed.tsx'
import { readAgain } from '../app/read.ts'
import { useWords } from './words.ts'

type Shape = {
  wish: ComponentProps<typeof WishNotice>['wish']
  purse: `pur_${string}`
  needs: Money | undefined
}

export function OrderNotice({ wish, purse, needs }: Shape) {
  const say = useWords()
  const short = wish.phase === 'ready' && wish.failure?.problem?.code === 'top_up_needed'
  useEffect(() => {
    // Another tab has held what the page still shows as there.
    if (short) void readAgain(readPlace, readPurse)
  }, [short])
  return (
    <div aria-live="polite">
      <WishNotice wish={wish} />
      {short ? (
        <Link
          className="big-link"
          to="/custody/purses/$purse/top-up"
          params={{ purse }}
          search={needs ? { needs: needs.amount } : {}}
        >
          {say('topUp')}
        </Link>
      ) : null}
    </div>
  )
}
