/** An item's picture is chosen, made small here, and sent at once; or taken away. */
import { putPicture, removePicture } from '@bursar/contract'
import { Button } from 'antd'
import { useId, useRef, useState } from 'react'
import { Failed } from '../app/look/failed.tsx'
import { Notice } from '../app/look/page.tsx'
import { useChange } from '../app/read.ts'
import { useDeskWords } from './desk-words.ts'
import { Picture } from './picture.tsx'
import { base64Of, shrunk } from './shrink.ts'
import type { Item } from './sold.ts'

export function PictureField({ merchant, item }: { merchant: `mer_${string}`; item: Item }) {
  const say = useDeskWords()
  const [put, remove] = [useChange(putPicture), useChange(removePicture)]
  const [unread, setUnread] = useState(false)
  const chooser = useRef<HTMLInputElement>(null)
  const id = useId()
  const params = { merchant, item: item.id }
  const choose = async (file: File | undefined) => {
    if (!file) return
    const small = await shrunk(file)
    setUnread(!small)
    if (small) put.mutate({ params, body: { data: await base64Of(small) } })
  }
  return (
    <div className="picture-field after-field">
      <Picture of={item} />
      <input
        ref={chooser}
        id={id}
        className="unseen"
        type="file"
        tabIndex={-1}
        aria-label={say('picture')}
        accept="image/jpeg,image/png,image/webp"
        onChange={event => {
          void choose(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      <span className="acts-row">
        <Button loading={put.isPending} onClick={() => chooser.current?.click()}>
          {say(item.picture ? 'otherPicture' : 'addPicture')}
        </Button>
        {item.picture ? (
          <Button danger loading={remove.isPending} onClick={() => remove.mutate({ params })}>
            {say('removePicture')}
          </Button>
        ) : null}
      </span>
      {unread ? <Notice tone="bad">{say('pictureUnread')}</Notice> : null}
      <Failed error={put.error ?? remove.error} />
    </div>
  )
}
