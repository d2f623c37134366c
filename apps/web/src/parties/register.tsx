import { registerPerson, signIn } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useLanguage } from '../app/i18n.ts'
import { Failed } from '../app/look/failed.tsx'
import { useChange } from '../app/read.ts'
import { Bare } from './bare.tsx'
import { freshStart } from './fresh.ts'
import { PersonFields, type PersonDraft } from './person-fields.tsx'
import { useWords } from './words.ts'

export default function Register() {
  const say = useWords()
  const { language } = useLanguage()
  const navigate = useNavigate()
  const [draft, setDraft] = useState<PersonDraft>({ name: '', phone: '', email: '', password: '' })
  const enter = useChange(signIn, () => {
    freshStart()
    void navigate({ to: '/parties/merchants' })
  })
  const create = useChange(registerPerson, () =>
    enter.mutate({ body: { login: draft.phone || draft.email, password: draft.password } }),
  )
  const { name, phone, email, password } = draft
  return (
    <Bare title={say('register')}>
      <form
        onSubmit={event => {
          event.preventDefault()
          const logins = { ...(phone ? { phone } : {}), ...(email ? { email } : {}) }
          create.mutate({ body: { name, password, locale: language, ...logins } })
        }}
      >
        <PersonFields draft={draft} change={setDraft} />
        <Button
          type="primary"
          size="large"
          block
          htmlType="submit"
          loading={create.isPending || enter.isPending}
        >
          {say('create')}
        </Button>
        <Failed error={create.error ?? enter.error} />
      </form>
      <p className="fine after-form">
        {say('haveAccount')} <Link to="/sign-in">{say('signIn')}</Link>
      </p>
    </Bare>
  )
}
