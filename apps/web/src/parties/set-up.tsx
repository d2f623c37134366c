/** The first operator comes in with the token that the console showed once. */
import { setUp, setUpNeeded } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice } from '../app/look/page.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange, useRead } from '../app/read.ts'
import { Bare } from './bare.tsx'
import { freshStart } from './fresh.ts'
import { blankPerson, loginsOf, PersonFields } from './person-fields.tsx'
import { useWords } from './words.ts'

export default function SetUp() {
  const say = useWords()
  const needed = useRead(setUpNeeded, {})
  return (
    <Bare title={say('setUp')}>
      {needed.data && !needed.data.needed ? (
        <>
          <Notice>{say('setUpNotNeeded')}</Notice>
          <Button type="primary" href="/sign-in">
            {say('signIn')}
          </Button>
        </>
      ) : (
        <FirstOperator />
      )}
    </Bare>
  )
}

function FirstOperator() {
  const say = useWords()
  const navigate = useNavigate()
  const [token, setToken] = useState('')
  const [operator, setOperator] = useState('')
  const [draft, setDraft] = useState(blankPerson)
  const begin = useChange(setUp, () => {
    freshStart()
    void navigate({ to: '/parties/institutions' })
  })
  const send = () => {
    const { name, password } = draft
    const person = { name, password, ...loginsOf(draft) }
    begin.mutate({ body: { token: token.trim(), institution: { name: operator }, person } })
  }
  const line = { size: 'large', required: true } as const
  return (
    <Form send={send}>
      <p className="soft after-form">{say('setUpHint')}</p>
      <TextField
        {...line}
        label={say('setUpToken')}
        hint={say('setUpTokenHint')}
        autoComplete="off"
        value={token}
        change={setToken}
      />
      <TextField
        {...line}
        label={say('operatorName')}
        maxLength={80}
        value={operator}
        change={setOperator}
      />
      <PersonFields draft={draft} change={setDraft} />
      <Button type="primary" size="large" block htmlType="submit" loading={begin.isPending}>
        {say('setUpDone')}
      </Button>
      <Failed error={begin.error} />
    </Form>
  )
}
