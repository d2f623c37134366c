/** ⌘K / Ctrl-K: type a few letters, go to a page or a merchant. */
import { listMerchants } from '@bursar/contract'
import { useNavigate } from '@tanstack/react-router'
import { Input, Modal } from 'antd'
import { useState, type KeyboardEvent } from 'react'
import { placesOf, type Face } from './faces.ts'
import { useRead } from './read.ts'
import { useWords } from './words.ts'
import './look/jump.css'

type Goal = { id: string; label: string; kind: string; to: string }

export default function Jump({ face, close }: { face: Face; close(): void }) {
  const say = useWords()
  const navigate = useNavigate()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const goals = useGoals(face, text.trim())
  const go = (goal: Goal | undefined) => {
    if (!goal) return
    close()
    void navigate({ to: goal.to })
  }
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'Enter') go(goals[at])
    if (!step) return
    event.preventDefault()
    setAt(Math.max(0, Math.min(goals.length - 1, at + step)))
  }
  return (
    <Modal
      open
      onCancel={close}
      footer={null}
      closable={false}
      width={520}
      title={null}
      destroyOnHidden
    >
      <Input
        autoFocus
        size="large"
        variant="borderless"
        role="combobox"
        aria-expanded="true"
        aria-controls="jump-goals"
        aria-activedescendant={goals[at] ? `goal-${at}` : undefined}
        aria-label={say('jumpTo')}
        placeholder={say('jumpTo')}
        value={text}
        onKeyDown={press}
        onChange={event => {
          setText(event.target.value)
          setAt(0)
        }}
      />
      <Goals of={goals} at={at} point={setAt} go={go} />
    </Modal>
  )
}

type Shown = { of: readonly Goal[]; at: number; point(to: number): void; go(to: Goal): void }
function Goals({ of, at, point, go }: Shown) {
  const say = useWords()
  return (
    <ul id="jump-goals" role="listbox" aria-label={say('jumpTo')} className="goals">
      {of.map((goal, index) => (
        <li
          key={goal.id}
          id={`goal-${index}`}
          role="option"
          aria-selected={index === at}
          onClick={() => go(goal)}
          onMouseMove={() => point(index)}
        >
          {goal.label}
          <span className="fine">{goal.kind}</span>
        </li>
      ))}
      {of.length === 0 ? <li className="fine">{say('jumpNothing')}</li> : null}
    </ul>
  )
}

function useGoals(face: Face, text: string): readonly Goal[] {
  const say = useWords()
  const found = useRead(
    listMerchants,
    { query: { q: text, limit: 6 } },
    { when: text.length > 0, keep: true },
  )
  const pages = placesOf(face)
    .map(place => ({ id: place.to, label: say(place.word), kind: say('pagesHead'), to: place.to }))
    .filter(goal => goal.label.toLowerCase().includes(text.toLowerCase()))
  const institution = ['admin', 'reviewer', 'custodian', 'supervisor'].includes(face.role)
  const merchants = (text ? (found.data?.rows ?? []) : []).map(one => ({
    id: one.id,
    label: one.name,
    kind: say('merchantsHead'),
    to: institution ? `/parties/admission/${one.id}` : `/parties/merchants/${one.id}`,
  }))
  return [...pages, ...merchants]
}
