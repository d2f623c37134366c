/** What comes over the wire, in the words of notices: absent becomes null, decimals become a sum. */
import type { BodyOf, postEvidence, Permission as Wire } from '@bursar/contract'
import type { Money } from '@bursar/money'
import type { Evidence, Permission, Terminal, Texts } from '@bursar/notices'
import { sumOf } from '../sums.ts'

export const permissionOf = (asked: Wire, pointer = '/permission'): Permission => ({
  ...{ fields: asked.fields, actions: asked.actions, outlets: asked.outlets ?? null },
  tills: asked.tills ?? null,
  from: asked.from ? sumOf(asked.from, `${pointer}/from`) : null,
  to: asked.to ? sumOf(asked.to, `${pointer}/to`) : null,
  hours: asked.hours ?? null,
  until: asked.until === undefined ? null : new Date(asked.until),
})

type Item = BodyOf<typeof postEvidence>['items'][number]

/** Half a sign (a text cut in the middle of one) and the sign of nothing are no text, to the database. */
const whole = (item: Item): Item =>
  JSON.parse(JSON.stringify(item), (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value,
  ) as Item

/** What is said counts; what is not said is read from the text. A sum of nothing is no sum. */
export function evidenceOf(
  { id: terminal, merchant, permission }: Terminal,
  said: Item,
  place: number,
  texts: Texts | undefined,
): Evidence {
  const item = whole(said)
  const { id, source, app = null, title = null, text = null } = item
  const at = new Date(item.at)
  const read = text === null ? undefined : texts?.({ source, app, title, text, at })
  const sum = item.amount && sumOf(item.amount, `/items/${place}/amount`)
  const amount: Money | null = sum ?? read?.amount ?? null
  const { outlets, tills } = permission
  return {
    ...{ merchant, terminal, source, id, app, at },
    text: title === null ? text : `${title}\n${text ?? ''}`,
    platform: item.platform ?? read?.platform ?? null,
    kind: item.kind ?? read?.kind ?? 'payment',
    orders: item.orders ?? read?.orders ?? [],
    amount: amount !== null && amount.minor > 0n ? amount : null,
    payer: item.payer ?? read?.payer ?? null,
    payee: item.payee ?? read?.payee ?? null,
    way: item.way ?? read?.way ?? null,
    // A main that stands at one outlet, or at one till, tells of that one.
    outlet: outlets?.length === 1 ? outlets[0]! : null,
    till: outlets?.length === 1 && tills?.length === 1 ? tills[0]! : null,
  }
}
