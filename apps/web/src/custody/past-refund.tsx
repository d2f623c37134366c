/** What platforms pay back no more: one tap, and it can be asked to a bank account, below. */
import { giveUpRefunds, previewRefund } from '@bursar/contract'
import { WishNotice } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { memory, useRead } from '../app/read.ts'
import { minor, spoken } from '../app/sums.ts'
import { useWish } from '../app/wish.ts'
import { useWords } from './words.ts'

export function PastRefund({ purse }: { purse: `pur_${string}` }) {
  const say = useWords()
  const { data } = useRead(previewRefund, { params: { purse }, query: {} })
  const wish = useWish(giveUpRefunds, `give-up/${purse}`, () => memory.invalidateQueries())
  const some = data && minor(data.past) > 0n
  if (!some && wish.phase === 'ready') return null
  return (
    <Notice>
      <p>{data ? say('pastRefund', { amount: spoken(data.past) }) : null}</p>
      <Form send={() => void wish.send({ params: { purse } })}>
        <Send wish={wish} ready={Boolean(some)}>
          {say('pastToBank')}
        </Send>
      </Form>
      <WishNotice wish={wish} />
    </Notice>
  )
}
