/** Who was invited takes it up here: by the link in the QR, or by the code that stands below it. */
import { acceptInvitation, type TerminalView } from '@bursar/contract'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useLanguage } from '../app/i18n.ts'
import { useListParams } from '../app/params.ts'
import { useChange } from '../app/read.ts'
import { Seen } from './seen.tsx'
import { Ticks } from '../app/look/ticks.tsx'
import { useWords, ways } from './words.ts'

export default function Accept() {
  const say = useWords()
  const { language } = useLanguage()
  const given = useListParams().code
  const [code, setCode] = useState(given ?? '')
  const [ticked, tick] = useState<(typeof ways)[number][]>(['text', 'voice', 'vibration'])
  const [taken, setTaken] = useState<TerminalView>()
  const accept = useChange(acceptInvitation, setTaken)
  if (taken) return <Taken terminal={taken} />
  const send = () => accept.mutate({ body: { code: code.trim(), ways: ticked, language } })
  return (
    <Page title={say('accept')} hint={say('acceptHint')}>
      <Form send={send}>
        <TextField
          label={say('inviteCode')}
          hint={say('inviteCodeHint')}
          required
          autoFocus={!given}
          autoComplete="off"
          maxLength={64}
          value={code}
          change={setCode}
        />
        <Ticks
          label={say('acceptWays')}
          all={ways}
          ticked={ticked}
          word={way => say(`way.${way}`)}
          change={tick}
        />
        <Button
          type="primary"
          size="large"
          block
          htmlType="submit"
          disabled={!code.trim() || ticked.length === 0}
          loading={accept.isPending}
        >
          {say('acceptIt')}
        </Button>
        <Failed error={accept.error} />
      </Form>
    </Page>
  )
}

function Taken({ terminal }: { terminal: TerminalView }) {
  const say = useWords()
  const { id, merchantName, name, permission } = terminal
  return (
    <Page title={say('accept')}>
      <Notice tone="good">{say('accepted', { merchant: merchantName, name })}</Notice>
      <Link to="/notices/terminals/$terminal" params={{ terminal: id }} className="big-link">
        {say('openIt')}
      </Link>
      <Seen permission={permission} />
    </Page>
  )
}
