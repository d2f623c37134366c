import { Input } from 'antd'
import { Field } from '../app/look/field.tsx'
import { useWords } from './words.ts'

export type PersonDraft = { name: string; phone: string; email: string; password: string }

type Shape = { draft: PersonDraft; change(to: PersonDraft): void }
export function PersonFields({ draft, change }: Shape) {
  const say = useWords()
  const put = (part: Partial<PersonDraft>) => change({ ...draft, ...part })
  return (
    <>
      <Field label={say('name')}>
        {id => (
          <Input
            id={id}
            size="large"
            required
            maxLength={60}
            autoComplete="name"
            value={draft.name}
            onChange={event => put({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={say('phone')}>
        {id => (
          <Input
            id={id}
            size="large"
            type="tel"
            required={!draft.email}
            autoComplete="tel"
            value={draft.phone}
            onChange={event => put({ phone: event.target.value })}
          />
        )}
      </Field>
      <Field label={say('emailOptional')}>
        {id => (
          <Input
            id={id}
            size="large"
            type="email"
            autoComplete="email"
            value={draft.email}
            onChange={event => put({ email: event.target.value })}
          />
        )}
      </Field>
      <Field label={say('password')} hint={say('passwordHint')}>
        {(id, by) => (
          <Input.Password
            id={id}
            aria-describedby={by}
            size="large"
            required
            minLength={8}
            autoComplete="new-password"
            value={draft.password}
            onChange={event => put({ password: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}
