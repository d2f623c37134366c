/** Everything of the last days, sent to one endpoint again. */
import { replaySpan, type ReplyOf, type listEndpoints } from '@bursar/contract'
import { Modal } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Notice } from '../app/look/page.tsx'
import { useChange } from '../app/read.ts'
import { OneOf } from '../app/look/one-of.tsx'
import { useWords } from './words.ts'

type Endpoint = ReplyOf<typeof listEndpoints>['rows'][number]
const aDay = 24 * 3_600_000
const spans = [1, 3, 7, 30, 90] as const

export function ReplaySpan({ endpoint, close }: { endpoint: Endpoint; close(): void }) {
  const say = useWords()
  const [days, setDays] = useState(1)
  const replay = useChange(replaySpan)
  const send = () => {
    const now = Date.now()
    const body = {
      from: new Date(now - days * aDay).toISOString(),
      to: new Date(now).toISOString(),
    }
    replay.mutate({ params: { merchant: endpoint.merchant, endpoint: endpoint.id }, body })
  }
  return (
    <Modal
      open
      title={say('replaySpan')}
      okText={say('replay')}
      okButtonProps={{ loading: replay.isPending }}
      onOk={send}
      onCancel={close}
    >
      <p>{say('replaySpanText')}</p>
      <OneOf
        label={say('span')}
        value={days}
        change={setDays}
        options={spans.map(count => [count, say('lastDays', { count })] as const)}
      />
      {replay.data ? (
        <Notice tone="good">{say('replayed', { count: replay.data.events })}</Notice>
      ) : null}
      <Failed error={replay.error} />
    </Modal>
  )
}
