/** Back from a platform, with its word for whose account it is. The word is good once: it is told once, and never from a reload. */
import { bindPurse, type BodyOf } from '@bursar/contract'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent } from 'react'
import { useGatewayName } from '../app/gateways.ts'
import { Failed } from '../app/look/failed.tsx'
import { Notice, Page } from '../app/look/page.tsx'
import { Bones } from '../app/look/sum.tsx'
import { useListParams, useParam } from '../app/params.ts'
import { useChange } from '../app/read.ts'
import { after } from './after.ts'
import { useWords } from './words.ts'

const told = new Set<string>()

export default function Back() {
  const say = useWords()
  const navigate = useNavigate()
  const [purse, gateway] = [useParam('purse'), useParam('gateway')]
  const name = useGatewayName()(gateway)
  const { state, code, auth_code: alipay } = useListParams()
  const to = `/cashier/purses/${purse}/bindings`
  const bind = useChange(bindPurse, () => void navigate({ to: after(purse) ?? to, replace: true }))
  const said = code ?? alipay
  const tell = useEffectEvent((body: BodyOf<typeof bindPurse>) => {
    if (told.has(body.state)) return
    told.add(body.state)
    bind.mutate({ params: { purse }, body })
  })
  useEffect(() => {
    if (state && said) tell({ gateway, state, code: said })
  }, [gateway, state, said])
  return (
    <Page title={say('bindings')}>
      {state && said ? null : <Notice tone="wait">{say('bindingLeft', { name })}</Notice>}
      {bind.isPending ? (
        <>
          <p role="status">{say('bindingNow', { name })}</p>
          <Bones rows={1} />
        </>
      ) : null}
      <Failed error={bind.error} />
      {bind.isPending ? null : (
        <Link className="big-link" to={to}>
          {say('backToBindings')}
        </Link>
      )}
    </Page>
  )
}
