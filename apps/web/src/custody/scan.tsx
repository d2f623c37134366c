/** Scan a merchant's code, see whom one pays, say how much, pay. Typing works wherever the camera does not. */
import { readScan } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Page } from '../app/look/page.tsx'
import { useChange } from '../app/read.ts'
import { Camera } from './camera.tsx'
import { Pay } from './pay.tsx'
import { useWords } from './words.ts'

export default function Scan() {
  const say = useWords()
  const [text, setText] = useState('')
  const [round, setRound] = useState(0)
  const look = useChange(readScan)
  const navigate = useNavigate()
  const find = (code: string) => {
    const token = /\/cashier\/places\/([0-9a-z]{26})$/.exec(code.trim())?.[1]
    if (token) void navigate({ to: `/cashier/places/${token}` })
    else look.mutate({ body: { text: code.trim() } })
  }
  const again = () => {
    look.reset()
    setText('')
    setRound(round + 1)
  }
  if (look.data) return <Pay scanned={look.data} again={again} />
  return (
    <Page title={say('scan')}>
      <Camera
        key={round}
        found={code => {
          setText(code)
          find(code)
        }}
      />
      <form
        onSubmit={event => {
          event.preventDefault()
          if (text.trim()) find(text)
        }}
      >
        <Field label={say('typeCode')} hint={say('typeCodeHint')}>
          {(id, by) => (
            <Input
              id={id}
              aria-describedby={by}
              size="large"
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={event => setText(event.target.value)}
            />
          )}
        </Field>
        <Button
          htmlType="submit"
          size="large"
          block
          disabled={!text.trim()}
          loading={look.isPending}
        >
          {say('find')}
        </Button>
      </form>
      <Failed error={look.error} {...(look.error ? { again } : {})} />
    </Page>
  )
}
