import { signIn } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useListParams } from '../app/params.ts'
import { useChange } from '../app/read.ts'
import { Bare } from './bare.tsx'
import { freshStart } from './fresh.ts'
import { homeAfter } from './home.ts'
import { useWords } from './words.ts'

export default function SignIn() {
  const say = useWords()
  const navigate = useNavigate()
  const { next } = useListParams()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const enter = useChange(signIn, me => {
    freshStart()
    void navigate({ to: homeAfter(me, next) })
  })
  const line = { size: 'large', required: true } as const
  return (
    <Bare title={say('signIn')}>
      <Form send={() => enter.mutate({ body: { login, password } })}>
        <TextField
          {...line}
          label={say('login')}
          autoFocus
          autoComplete="username"
          value={login}
          change={setLogin}
        />
        <TextField
          {...line}
          label={say('password')}
          type="password"
          autoComplete="current-password"
          value={password}
          change={setPassword}
        />
        <Button type="primary" size="large" block htmlType="submit" loading={enter.isPending}>
          {say('signIn')}
        </Button>
        <Failed error={enter.error} />
      </Form>
      <p className="fine after-form">
        {say('noAccount')} <Link to="/register">{say('register')}</Link>
      </p>
    </Bare>
  )
}
