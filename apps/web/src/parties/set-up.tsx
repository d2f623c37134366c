/** The first operator comes in with the token that the console showed once. */
import { setUp, setUpNeeded } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Notice } from '../app/look/page.tsx'
import { useChange, useRead } from '../app/read.ts'
import { Bare } from './bare.tsx'
import { freshStart } from './fresh.ts'
import { PersonFields, type PersonDraft } from './person-fields.tsx'
import { useWords } from './words.ts'

export default function SetUp() {
  const say = useWords()
  const navigate = useNavigate()
  const needed = useRead(setUpNeeded, {})
  const [token, setToken] = useState('')
  const [operator, setOperator] = useState('')
  const [draft, setDraft] = useState<PersonDraft>({ name: '', phone: '', email: '', password: '' })
  const begin = useChange(setUp, () => {
    freshStart()
    void navigate({ to: '/parties/admission' })
  })
  const { name, phone, email, password } = draft
  const send = () => {
    const logins = { ...(phone ? { phone } : {}), ...(email ? { email } : {}) }
    begin.mutate({
      body: { token, institution: { name: operator }, person: { name, password, ...logins } },
    })
  }
  if (needed.data && !needed.data.needed)
    return (
      <Bare title={say('setUp')}>
        <Notice>{say('setUpNotNeeded')}</Notice>
        <Button type="primary" href="/sign-in">
          {say('signIn')}
        </Button>
      </Bare>
    )
  return (
    <Bare title={say('setUp')}>
      <p className="soft after-form">{say('setUpHint')}</p>
      <form
        onSubmit={event => {
          event.preventDefault()
          send()
        }}
      >
        <Field label={say('setUpToken')} hint={say('setUpTokenHint')}>
          {(id, by) => (
            <Input
              id={id}
              aria-describedby={by}
              size="large"
              required
              autoComplete="off"
              value={token}
              onChange={event => setToken(event.target.value.trim())}
            />
          )}
        </Field>
        <Field label={say('operatorName')}>
          {id => (
            <Input
              id={id}
              size="large"
              required
              maxLength={100}
              value={operator}
              onChange={event => setOperator(event.target.value)}
            />
          )}
        </Field>
        <PersonFields draft={draft} change={setDraft} />
        <Button type="primary" size="large" block htmlType="submit" loading={begin.isPending}>
          {say('setUpDone')}
        </Button>
        <Failed error={begin.error} />
      </form>
    </Bare>
  )
}
