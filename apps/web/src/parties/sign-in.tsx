import { signIn } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { useListParams } from '../app/params.ts'
import { useChange } from '../app/read.ts'
import { Bare } from './bare.tsx'
import { freshStart } from './fresh.ts'
import { useWords } from './words.ts'

export default function SignIn() {
  const say = useWords()
  const navigate = useNavigate()
  const { next } = useListParams()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const enter = useChange(signIn, () => {
    freshStart()
    void navigate({ to: next?.startsWith('/') && !next.startsWith('//') ? next : '/' })
  })
  return (
    <Bare title={say('signIn')}>
      <form
        onSubmit={event => {
          event.preventDefault()
          enter.mutate({ body: { login, password } })
        }}
      >
        <Field label={say('login')}>
          {(id, by) => (
            <Input
              id={id}
              aria-describedby={by}
              size="large"
              autoFocus
              required
              autoComplete="username"
              value={login}
              onChange={event => setLogin(event.target.value)}
            />
          )}
        </Field>
        <Field label={say('password')}>
          {(id, by) => (
            <Input.Password
              id={id}
              aria-describedby={by}
              size="large"
              required
              autoComplete="current-password"
              value={password}
              onChange={event => setPassword(event.target.value)}
            />
          )}
        </Field>
        <Button type="primary" size="large" block htmlType="submit" loading={enter.isPending}>
          {say('signIn')}
        </Button>
        <Failed error={enter.error} />
      </form>
      <p className="fine after-form">
        {say('noAccount')} <Link to="/register">{say('register')}</Link>
      </p>
    </Bare>
  )
}
