import { TextField } from '../app/look/text-field.tsx'
import { useWords } from './words.ts'

export const blankPerson = { name: '', phone: '', email: '', password: '' }
type PersonDraft = typeof blankPerson

/** Whichever of the two was given. */
export const loginsOf = ({ phone, email }: PersonDraft) => ({
  ...(phone && { phone }),
  ...(email && { email }),
})

export function PersonFields({
  draft,
  change,
}: {
  draft: PersonDraft
  change(to: PersonDraft): void
}) {
  const say = useWords()
  const line = (name: keyof PersonDraft) => ({
    size: 'large' as const,
    value: draft[name],
    change: (text: string) => change({ ...draft, [name]: text }),
  })
  return (
    <>
      <TextField
        {...line('name')}
        label={say('name')}
        required
        maxLength={80}
        autoComplete="name"
      />
      <TextField
        {...line('phone')}
        label={say('phone')}
        type="tel"
        required={!draft.email}
        autoComplete="tel"
      />
      <TextField
        {...line('email')}
        label={say('emailOptional')}
        type="email"
        autoComplete="email"
      />
      <TextField
        {...line('password')}
        label={say('password')}
        hint={say('passwordHint')}
        type="password"
        required
        minLength={8}
        autoComplete="new-password"
      />
    </>
  )
}
