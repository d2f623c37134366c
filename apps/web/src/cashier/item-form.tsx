/** An item's name, price, happy hour, category, station and extras. Its id is made once, so that saving twice is one item. */
import { putItem } from '@bursar/contract'
import { Button, Input, Segmented, Switch } from 'antd'
import { useState } from 'react'
import { newId } from '../app/ids.ts'
import { Amount, useAmount } from '../app/look/amount.tsx'
import { Failed } from '../app/look/failed.tsx'
import { Field } from '../app/look/field.tsx'
import { Form } from '../app/look/form.tsx'
import { OneOf } from '../app/look/one-of.tsx'
import { TextField } from '../app/look/text-field.tsx'
import { useChange } from '../app/read.ts'
import { useWords as useAppWords } from '../app/words.ts'
import { useDeskWords } from './desk-words.ts'
import { readExtras, written } from './extras.ts'
import { useHappyHour } from './happy-hour.tsx'
import { PictureField } from './picture-field.tsx'
import type { Catalogue, Item } from './sold.ts'

type Station = Item['station']
type Shape = { merchant: `mer_${string}`; menu: Catalogue; item?: Item; done(): void }

export function ItemForm({ merchant, menu, item, done }: Shape) {
  const say = useDeskWords()
  const app = useAppWords()
  const [id] = useState(() => item?.id ?? newId('itm'))
  const [name, setName] = useState(item?.name ?? '')
  const [category, setCategory] = useState(item?.category ?? menu.categories[0]!.id)
  const [station, setStation] = useState<Station>(item?.station ?? 'bar')
  const [offered, setOffered] = useState(item?.offered ?? true)
  const [text, setText] = useState(written(item?.modifiers ?? []))
  const price = useAmount(item?.price.amount)
  const put = useChange(putItem, done)
  const extras = readExtras(text, price.currency)
  const happy = useHappyHour(item?.happyHour, price.good)
  const ready = name.trim() !== '' && price.good && happy.good && typeof extras !== 'number'
  const send = () => {
    if (!price.good || !happy.good || typeof extras === 'number' || !name.trim()) return
    const { rank = menu.items.length } = item ?? {}
    const body = {
      ...{ category, name: name.trim(), station, price: price.good, rank, offered },
      ...happy.good,
      modifiers: [...extras],
    }
    put.mutate({ params: { merchant, item: id }, body })
  }
  return (
    <Form className="form-narrow padded" send={send}>
      <TextField label={say('name')} autoFocus maxLength={60} value={name} change={setName} />
      {item ? <PictureField merchant={merchant} item={item} /> : null}
      <Amount label={say('price')} value={price.text} change={price.set} problem={price.wrong} />
      <OneOf
        label={say('category')}
        value={category}
        change={setCategory}
        options={menu.categories.map(one => [one.id, one.name] as const)}
      />
      {happy.field}
      <Where station={station} change={setStation} />
      <Extras
        text={text}
        change={setText}
        wrongLine={typeof extras === 'number' ? extras : undefined}
      />
      <label className="sound after-field">
        <Switch checked={offered} onChange={setOffered} /> {say('offered')}
      </label>
      <div className="acts-row">
        <Button type="primary" htmlType="submit" disabled={!ready} loading={put.isPending}>
          {app('save')}
        </Button>
        <Button onClick={done}>{app('cancel')}</Button>
      </div>
      <Failed error={put.error} />
    </Form>
  )
}

type ExtrasShape = { text: string; change(to: string): void; wrongLine: number | undefined }

/** One extra a line; a line that is none is named by its number. */
function Extras({ text, change, wrongLine }: ExtrasShape) {
  const say = useDeskWords()
  return (
    <Field
      label={say('modifiers')}
      hint={say('modifiersHint')}
      problem={wrongLine === undefined ? undefined : say('modifiersWrong', { line: wrongLine })}
    >
      {(field, by) => (
        <Input.TextArea
          id={field}
          aria-describedby={by}
          autoSize={{ minRows: 2 }}
          value={text}
          onChange={event => change(event.target.value)}
        />
      )}
    </Field>
  )
}

function Where({ station, change }: { station: Station; change(to: Station): void }) {
  const say = useDeskWords()
  return (
    <Segmented<Station>
      className="after-field"
      aria-label={say('station')}
      value={station}
      onChange={change}
      options={(['bar', 'kitchen'] as const).map(value => ({
        value,
        label: say(`station.${value}`),
      }))}
    />
  )
}
