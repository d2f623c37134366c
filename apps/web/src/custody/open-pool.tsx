/** An administrator opens a pool: money lies at this bank, and that institution watches it. */
import { listInstitutions, openPool, type ReplyOf } from '@bursar/contract'
import { Select } from 'antd'
import { useState } from 'react'
import { Failed, WishNotice } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Section } from '../app/look/page.tsx'
import { Send } from '../app/look/send.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { memory, useRead } from '../app/read.ts'
import { useWish } from '../app/wish.ts'
import { usePoolWords } from './pool-words.ts'

type Institution = ReplyOf<typeof listInstitutions>['rows'][number]
const currency = 'CNY'

export function OpenPool() {
  const say = usePoolWords()
  const { data, error } = useRead(listInstitutions, {})
  const [name, setName] = useState('')
  const [account, setAccount] = useState('')
  const platform = usePlatform()
  const of = (kind: Institution['kind']) => data?.rows.filter(one => one.kind === kind) ?? []
  const bank = useInstitution(say('bank'), of('bank'))
  const supervisor = useInstitution(say('supervisor'), of('supervisor'))
  const wish = useWish(openPool, 'pool', () => memory.invalidateQueries())
  const both = bank.value && supervisor.value
  const send = () => {
    if (!bank.value || !supervisor.value) return
    const said = account.trim() ? { account: account.trim() } : {}
    const where = { bank: bank.value, supervisor: supervisor.value }
    const payer = platform.value ? { platform: platform.value } : {}
    void wish.send({ body: { name: name.trim(), currency, ...where, ...said, ...payer } })
  }
  return (
    <Section title={say('openPool')}>
      <Failed error={error} />
      {data && !both ? <Notice>{say('institutionsFirst')}</Notice> : null}
      <Form className="padded" send={send}>
        <TextField label={say('poolName')} required maxLength={80} value={name} change={setName} />
        {bank.field}
        {supervisor.field}
        <TextField
          label={say('poolAccount')}
          hint={say('poolAccountHint')}
          maxLength={40}
          value={account}
          change={setAccount}
        />
        {platform.fields}
        <Send wish={wish} ready={Boolean(both && name.trim())}>
          {say('openPool')}
        </Send>
        <WishNotice wish={wish} />
      </Form>
    </Section>
  )
}

/** Who pays the pool out; left empty, it is the platform in use. */
function usePlatform() {
  const say = usePoolWords()
  const [name, setName] = useState('')
  const [account, setAccount] = useState('')
  const known = account.trim() ? { account: account.trim() } : {}
  const value = name.trim() ? { name: name.trim(), ...known } : undefined
  const fields = (
    <>
      <TextField
        label={say('platformName')}
        hint={say('platformNameHint')}
        maxLength={80}
        value={name}
        change={setName}
      />
      {value ? (
        <TextField
          label={say('platformAccount')}
          hint={say('platformAccountHint')}
          maxLength={40}
          value={account}
          change={setAccount}
        />
      ) : null}
    </>
  )
  return { fields, value }
}

/** The first of its kind until another is chosen. */
function useInstitution(label: string, rows: readonly Institution[]) {
  const [chosen, setChosen] = useState<string>()
  const value = (rows.find(one => one.id === chosen) ?? rows[0])?.id
  const field = (
    <Field label={label}>
      {id => (
        <Select
          id={id}
          style={{ width: '100%' }}
          value={value ?? null}
          onChange={setChosen}
          options={rows.map(one => ({ value: one.id, label: one.name }))}
        />
      )}
    </Field>
  )
  return { field, value }
}
