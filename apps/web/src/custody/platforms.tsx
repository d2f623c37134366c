/** Who pays the pool out, as its bank names them: everybody at the desk sees it, an administrator changes it. */
import { addPlatform, endPlatform, listPlatforms } from '@bursar/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { useFace, useMe } from '../app/faces.ts'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange, useRead } from '../app/read.ts'
import { day } from '../app/times.ts'
import { useSuspenseWords } from './suspense-words.ts'

type Shape = { pool: `pol_${string}` }

export function Platforms({ pool }: Shape) {
  const say = useSuspenseWords()
  const admin = useFace(useMe().me)?.role === 'admin'
  const read = useRead(listPlatforms, { params: { pool } })
  const end = useChange(endPlatform)
  const rows = read.data?.rows
  return (
    <Section title={say('platforms')}>
      <p className="fine padded">{say('platformsHint')}</p>
      <Failed error={read.error ?? end.error} />
      {rows ? null : read.error ? null : <Bones rows={1} />}
      {rows?.length === 0 ? <Notice tone="wait">{say('noPlatforms')}</Notice> : null}
      <ul className="rows">
        {rows?.map(({ name, account, since }) => (
          <li key={`${name}/${account}`} className="row">
            <span>
              <b>{name}</b>
              <span className="fine">
                {[account, say('since', { at: day(since) })].filter(Boolean).join(' · ')}
              </span>
            </span>
            {admin ? (
              <Button
                size="small"
                aria-label={say('endPlatformOf', { name })}
                disabled={end.isPending}
                onClick={() =>
                  end.mutate({ params: { pool }, body: { name, ...(account && { account }) } })
                }
              >
                {say('endPlatform')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {admin ? <Add pool={pool} /> : null}
    </Section>
  )
}

function Add({ pool }: Shape) {
  const say = useSuspenseWords()
  const [name, setName] = useState('')
  const [account, setAccount] = useState('')
  const add = useChange(addPlatform, () => {
    setName('')
    setAccount('')
  })
  const send = () => {
    const known = account.trim() ? { account: account.trim() } : {}
    if (name.trim()) add.mutate({ params: { pool }, body: { name: name.trim(), ...known } })
  }
  return (
    <Form className="padded" send={send}>
      <TextField label={say('payerName')} maxLength={80} value={name} change={setName} />
      <TextField label={say('payerAccount')} maxLength={40} value={account} change={setAccount} />
      <Button htmlType="submit" disabled={!name.trim()} loading={add.isPending}>
        {say('addPlatform')}
      </Button>
      <Failed error={add.error} />
    </Form>
  )
}
