/** Another secret; the old one goes on for a day, or ends at once when it has leaked. */
import { Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { useWords } from './words.ts'

type Shape = {
  name: string
  busy: boolean
  error: Error | null
  rotate(overlapHours: number): void
  close(): void
}
const aDay = 24

export function Rotate({ name, busy, error, rotate, close }: Shape) {
  const say = useWords()
  const [leaked, setLeaked] = useState(false)
  return (
    <Modal
      open
      title={say('rotateTitle', { name })}
      okText={say('rotate')}
      okButtonProps={{ loading: busy }}
      onOk={() => rotate(leaked ? 0 : aDay)}
      onCancel={close}
    >
      <p>{say('rotateText')}</p>
      <Checkbox checked={leaked} onChange={event => setLeaked(event.target.checked)}>
        {say('rotateNow')}
      </Checkbox>
      <Failed error={error} />
    </Modal>
  )
}
