/** A secret, shown this once: it is gone when the box is closed, so closing is a step of its own. */
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { useWords } from './words.ts'

export function Secret({ of, close }: { of: string; close(): void }) {
  const say = useWords()
  const [copied, setCopied] = useState(false)
  const copy = () => void navigator.clipboard.writeText(of).then(() => setCopied(true))
  return (
    <Modal
      open
      closable={false}
      maskClosable={false}
      keyboard={false}
      title={say('secretTitle')}
      footer={[
        <Button key="copy" onClick={copy}>
          {say(copied ? 'copied' : 'copy')}
        </Button>,
        <Button key="saved" type="primary" onClick={close}>
          {say('saved')}
        </Button>,
      ]}
    >
      <p>{say('secretText')}</p>
      <p className="secret id" data-secret>
        {of}
      </p>
    </Modal>
  )
}
