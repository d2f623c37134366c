/** One tap makes this screen a main terminal and opens the counter; a screen that one has here already is opened again. */
import { listOwnTerminals, makeTerminal } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { newId } from '../app/ids.ts'
import { Failed } from '../app/look/failed.tsx'
import { useChange, useRead } from '../app/read.ts'
import { useOwner } from '../cashier/seats.tsx'
import { useLanguage } from '../app/i18n.ts'
import { useDeskWords } from './desk-words.ts'
import { everything } from './permission.ts'
import { ways } from './words.ts'

export function OpenScreen({ merchant }: { merchant: `mer_${string}` }) {
  const say = useDeskWords()
  const { language } = useLanguage()
  const navigate = useNavigate()
  const owner = useOwner(merchant)
  const held = useRead(listOwnTerminals, {}).data?.rows
  const own = held?.find(one => one.merchant === merchant && one.state === 'authorised')
  const open = (terminal: string) =>
    void navigate({ to: '/notices/terminals/$terminal/counter', params: { terminal } })
  const make = useChange(makeTerminal, ({ id }) => open(id))
  if (!held || (!own && !owner)) return null
  const start = () => {
    if (own) return open(own.id)
    make.mutate({
      params: { merchant, terminal: newId('trm') },
      body: {
        ...{ kind: 'main', name: say('myScreen'), language, speaks: true, permission: everything },
        ways: [...ways],
      },
    })
  }
  return (
    <>
      <Button type="primary" loading={make.isPending} onClick={start} title={say('openScreenHint')}>
        {say('openScreen')}
      </Button>
      <Failed error={make.error} />
    </>
  )
}
