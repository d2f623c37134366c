/** The decision. Whoever asked, or sits at the merchant, is refused by the API; the button says what it moves. */
import { approveRequest, rejectRequest, type readRequest, type ReplyOf } from '@bursar/contract'
import { useChange } from '../app/read.ts'
import { spoken } from '../app/sums.ts'
import { BreaksHere } from './breaks.tsx'
import { Decide } from './decide.tsx'
import { useWords } from './words.ts'

type Request = ReplyOf<typeof readRequest>

export function Review({ request }: { request: Request }) {
  const say = useWords()
  const approve = useChange(approveRequest)
  const reject = useChange(rejectRequest)
  const params = { request: request.id }
  const moves = { amount: spoken(request.amount), name: request.merchantName }
  return (
    <Decide
      words={{
        ...{ decision: say('decision'), checks: say('checks'), approve: say('approveNow', moves) },
        ...{ reason: say('reason'), reasonHint: say('reasonHint'), reject: say('rejectNow') },
      }}
      {...{ approve, reject }}
      onApprove={() => approve.mutate({ params, body: { terms: request.terms } })}
      onReject={reason => reject.mutate({ params, body: { reason } })}
    >
      <BreaksHere merchant={request.merchant} />
    </Decide>
  )
}
