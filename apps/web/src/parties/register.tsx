import { registerPerson, signIn } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useLanguage } from '../app/i18n.ts'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { useChange } from '../app/read.ts'
import { Bare } from './bare.tsx'
import { freshStart } from './fresh.ts'
import { blankPerson, loginsOf, PersonFields } from './person-fields.tsx'
import { useWords } from './words.ts'

export default function Register() {
  const say = useWords()
  const { language } = useLanguage()
  const navigate = useNavigate()
  const [draft, setDraft] = useState(blankPerson)
  const enter = useChange(signIn, () => {
    freshStart()
    void navigate({ to: '/parties/merchants' })
  })
  const create = useChange(registerPerson, () =>
    enter.mutate({ body: { login: draft.phone || draft.email, password: draft.password } }),
  )
  const send = () => {
    const { name, password } = draft
    create.mutate({ body: { name, password, locale: language, ...loginsOf(draft) } })
  }
  return (
    <Bare title={say('register')}>
      <Form send={send}>
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
      </Form>
      <p className="fine after-form">
        {say('haveAccount')} <Link to="/sign-in">{say('signIn')}</Link>
      </p>
    </Bare>
  )
}
