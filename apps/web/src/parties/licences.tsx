/** The operator's licence: what platform scope stands on. Entered by one, approved by another; read by who watches. */
import {
  decideLicence,
  enterLicence,
  listLicences,
  type BodyOf,
  type Licence,
} from '@bursar/contract'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Form } from '../app/look/form.tsx'
import { Notice, Section } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange, useRead } from '../app/read.ts'
import { moment } from '../app/times.ts'
import { useWords } from './words.ts'

export function Licences() {
  const say = useWords()
  const read = useRead(listLicences, {})
  const { rows, platformScope } = read.data ?? {}
  return (
    <Section title={say('licences')}>
      <Failed error={read.error} again={() => void read.refetch()} />
      {rows ? (
        <Notice tone={platformScope ? 'good' : 'wait'}>
          {say(platformScope ? 'platformScopeLawful' : 'platformScopeUnlawful')}
        </Notice>
      ) : read.error ? null : (
        <Bones rows={2} />
      )}
      <ul className="rows">
        {rows?.map(one => (
          <One key={one.id} one={one} />
        ))}
      </ul>
    </Section>
  )
}

function One({ one }: { one: Licence }) {
  const say = useWords()
  const { enterer, enteredAt, decider, decidedAt, revoker, revokedAt, reason, paper } = one
  return (
    <li>
      <div className="row">
        <span>
          <b>
            {say(`licence.${one.kind}`)} · {one.number}
          </b>
          <span className="fine">
            {say('licenceValid', { from: one.validFrom, to: one.validTo })}
          </span>
          <span className="fine">
            {say('licence.entered', { name: enterer, at: moment(enteredAt) })}
          </span>
          {decider && decidedAt ? (
            <span className="fine">
              {say(
                `licence.${one.state === 'revoked' || one.state === 'entered' ? 'approved' : one.state}`,
                {
                  name: decider,
                  at: moment(decidedAt),
                },
              )}
            </span>
          ) : null}
          {revoker && revokedAt ? (
            <span className="fine">
              {say('licence.revoked', { name: revoker, at: moment(revokedAt) })}
            </span>
          ) : null}
          {reason ? <span className="fine">{say('licenceReason', { reason })}</span> : null}
          {paper ? <span className="fine">SHA-256 {paper}</span> : null}
        </span>
      </div>
      {one.may.length ? <Steps one={one} /> : null}
    </li>
  )
}

/** A "no" needs its reason: it is written first. */
function Steps({ one }: { one: Licence }) {
  const say = useWords()
  const [reason, setReason] = useState('')
  const decide = useChange(decideLicence, () => setReason(''))
  const why = reason.trim()
  const needs = (step: Licence['may'][number]) => step === 'reject' || step === 'revoke'
  return (
    <div className="form-narrow padded">
      {one.may.some(needs) ? (
        <TextField
          label={say('licenceWhy', { number: one.number })}
          maxLength={500}
          value={reason}
          change={setReason}
        />
      ) : null}
      <span className="acts-row">
        {one.may.map(step => (
          <Button
            key={step}
            size="small"
            type={step === 'approve' ? 'primary' : 'default'}
            danger={step === 'revoke'}
            disabled={decide.isPending || (needs(step) && !why)}
            aria-label={say(`licenceStep.${step}.of`, { number: one.number })}
            onClick={() =>
              decide.mutate({
                params: { licence: one.id, step },
                body: needs(step) ? { reason: why } : {},
              })
            }
          >
            {say(`licenceStep.${step}`)}
          </Button>
        ))}
      </span>
      <Failed error={decide.error} />
    </div>
  )
}

const kinds = ['stored_value_account', 'multi_purpose_prepaid_card'] as const
const blank = { number: '', validFrom: '', validTo: '', paper: '' }

export function EnterLicence({ institution }: { institution: `ins_${string}` }) {
  const say = useWords()
  const [kind, setKind] = useState<BodyOf<typeof enterLicence>['kind']>(kinds[0])
  const [said, setSaid] = useState(blank)
  const add = useChange(enterLicence, () => setSaid(blank))
  const put = (field: keyof typeof blank) => (text: string) => setSaid({ ...said, [field]: text })
  const { number, validFrom, validTo } = said
  const paper = said.paper.trim().toLowerCase()
  const body = { kind, number: number.trim(), validFrom, validTo, ...(paper && { paper }) }
  return (
    <Section title={say('enterLicence')}>
      <Form className="padded" send={() => add.mutate({ params: { institution }, body })}>
        <Segmented
          className="after-field"
          aria-label={say('kind')}
          value={kind}
          onChange={setKind}
          options={kinds.map(value => ({ value, label: say(`licence.${value}`) }))}
        />
        <p className="fine">{say('enterLicenceHint')}</p>
        <TextField
          label={say('licenceNumber')}
          required
          maxLength={60}
          value={number}
          change={put('number')}
        />
        <TextField
          label={say('validFrom')}
          required
          type="date"
          value={validFrom}
          change={put('validFrom')}
        />
        <TextField
          label={say('validTo')}
          required
          type="date"
          value={validTo}
          change={put('validTo')}
        />
        <TextField
          label={say('licencePaper')}
          hint={say('licencePaperHint')}
          maxLength={64}
          value={said.paper}
          change={put('paper')}
        />
        <Button
          htmlType="submit"
          loading={add.isPending}
          disabled={!number.trim() || !validFrom || !validTo}
        >
          {say('enterLicence')}
        </Button>
        <Failed error={add.error} />
      </Form>
    </Section>
  )
}
