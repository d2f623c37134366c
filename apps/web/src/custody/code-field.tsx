import { Button } from 'antd'
import { useState } from 'react'
import { TextField } from '../app/look/text-field.tsx'
import { Camera } from './camera.tsx'
import { useShopWords } from './shop-words.ts'

type Shape = {
  value: string
  change(text: string): void
  seen(text: string): void
  disabled: boolean
}

/** The member's code: typed, read by a hand scanner that types, or seen by the camera. */
export function CodeField({ value, change, seen, disabled }: Shape) {
  const say = useShopWords()
  const [camera, setCamera] = useState(false)
  const found = (text: string) => {
    change(text)
    setCamera(false)
    seen(text)
  }
  return (
    <>
      {camera ? (
        <Camera found={found} />
      ) : (
        <TextField
          label={say('memberCode')}
          hint={say('memberCodeHint')}
          size="large"
          inputMode="numeric"
          autoComplete="off"
          maxLength={24}
          disabled={disabled}
          value={value}
          change={change}
        />
      )}
      <Button block className="after-field" disabled={disabled} onClick={() => setCamera(!camera)}>
        {camera ? say('typeInstead') : say('scanCode')}
      </Button>
    </>
  )
}
