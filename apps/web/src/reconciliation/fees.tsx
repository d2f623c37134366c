/** What each platform keeps of a payment, as agreed; an admin says so. */
import { listFees, setFee, type ReplyOf } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { useGatewayName } from '../app/gateways.ts'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Pairs, Section } from '../app/look/page.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange, useRead } from '../app/read.ts'
import { useWords } from './words.ts'

type Fee = ReplyOf<typeof listFees>['rows'][number]

/** 60 is 0.60: hundredths of a percent, without a float. */
const percent = (bps: number) => `${Math.floor(bps / 100)}.${String(bps % 100).padStart(2, '0')}`
function bpsOf(text: string): number | undefined {
  const [, whole, part = ''] = /^(\d{1,2})(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? []
  if (whole === undefined) return undefined
  const bps = Number(whole) * 100 + Number(part.padEnd(2, '0'))
  return bps <= 1000 ? bps : undefined
}

export function Fees({ admin }: { admin: boolean }) {
  const say = useWords()
  const named = useGatewayName()
  const rows = useRead(listFees, {}).data?.rows
  if (!rows?.length) return null
  return (
    <Section title={say('fees')}>
      <div className="padded stack">
        <p className="fine">{say('feesHint')}</p>
        {admin ? (
          rows.map(fee => <Rate key={`${fee.gateway} ${fee.feeBps}`} fee={fee} />)
        ) : (
          <Pairs
            of={rows.map(({ gateway, feeBps }) => [
              named(gateway),
              feeBps === undefined ? '—' : `${percent(feeBps)} %`,
            ])}
          />
        )}
      </div>
    </Section>
  )
}

function Rate({ fee: { gateway, feeBps } }: { fee: Fee }) {
  const say = useWords()
  const named = useGatewayName()
  const [text, setText] = useState(feeBps === undefined ? '' : percent(feeBps))
  const change = useChange(setFee)
  const bps = bpsOf(text)
  const send = () => {
    if (bps !== undefined) change.mutate({ params: { gateway }, body: { feeBps: bps } })
  }
  return (
    <Form className="form-narrow" send={send}>
      <TextField
        label={say('feeOf', { platform: named(gateway) })}
        problem={text && bps === undefined ? say('feeWrong') : undefined}
        maxLength={5}
        value={text}
        change={setText}
      />
      <Button
        htmlType="submit"
        disabled={bps === undefined || bps === feeBps}
        loading={change.isPending}
      >
        {say('feeSave')}
      </Button>
      <Failed error={change.error} />
    </Form>
  )
}
