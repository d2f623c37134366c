/** The words of notices: who told what, of how good a kind, and what a counter and a terminal are. */
import type { Id, MerchantId, OutletId, PersonId, TillId } from '@bursar/kernel'
import type { Money } from '@bursar/money'

export type CounterId = Id<'ctr'>
export type NoticeId = Id<'ntc'>
export type TerminalId = Id<'trm'>
export type InvitationId = Id<'inv'>

export type Kind = 'payment' | 'refund' | 'reversal'
/** From the worst to the best. */
export const grades = ['C', 'B', 'A', 'A+'] as const
export type Grade = (typeof grades)[number]
export type Source = 'phone' | 'sms' | 'callback' | 'books' | 'statement' | 'rehearsal'
/** A source's word is as good as the source: nobody can say more of it. The table says the same. */
export const gradeOf: Readonly<Record<Source, Grade>> = {
  phone: 'C',
  sms: 'B',
  callback: 'A',
  books: 'A',
  rehearsal: 'A',
  statement: 'A+',
}
export const atLeast = (grade: Grade, threshold: Grade): boolean =>
  grades.indexOf(grade) >= grades.indexOf(threshold)

export type PromptClass = 'seen' | 'received' | 'contradicted' | 'checked'
export const outcomes = ['new', 'raised', 'filtered', 'contradicts', 'unreadable'] as const
export type Outcome = (typeof outcomes)[number]
export type Way = 'text' | 'picture' | 'voice' | 'vibration'
export const fields = [
  'amount',
  'payer',
  'payee',
  'platform',
  'order',
  'way',
  'time',
  'outlet',
  'grade',
] as const
export type Field = (typeof fields)[number]
export const actions = ['receive', 'check', 'look_up', 'totals', 'ask_refund', 'mute'] as const
export type Action = (typeof actions)[number]
/** From one minute of the day until before another; over midnight where `from` is the later. */
export type Hours = Readonly<{ from: number; to: number }>

/** The attributes of a collection notice, as far as somebody can read them. */
export type Attributes = Readonly<{
  platform: string | null
  kind: Kind
  /** The platform's order id, ours, or both. None: it is matched by sum and time. */
  orders: readonly string[]
  amount: Money | null
  payer: string | null
  payee: string | null
  way: string | null
  /** When it happened. */
  at: Date
}>
/** One source's word about one thing that happened. */
export type Evidence = Attributes &
  Readonly<{
    merchant: MerchantId
    source: Source
    /** The main that brought it. */
    terminal: TerminalId | null
    /** Its own, for ever: heard twice it is heard once. */
    id: string
    outlet: OutletId | null
    /** Where in the outlet it came in, as far as its source can say. */
    till: TillId | null
    /** What the phone showed, and which app. */
    text: string | null
    app: string | null
  }>

export type Counter = Readonly<{
  id: CounterId
  merchant: MerchantId
  outlet: OutletId | null
  name: string
  threshold: 'A' | 'B'
  /** Seconds. */
  patience: number
  lateSpoken: boolean
  large: Money | null
  quiet: Hours | null
  open: boolean
  zone: string
  openedAt: Date
}>

export type Permission = Readonly<{
  fields: readonly Field[]
  actions: readonly Action[]
  from: Money | null
  to: Money | null
  outlets: readonly OutletId[] | null
  /** Of those outlets. What came in at no till is for those alone who are not limited. */
  tills: readonly TillId[] | null
  hours: Hours | null
  until: Date | null
}>
export type TerminalState = 'authorised' | 'suspended' | 'revoked'
export type Terminal = Readonly<{
  id: TerminalId
  merchant: MerchantId
  merchantName: string
  kind: 'main' | 'sub' | 'device'
  name: string
  state: TerminalState
  person: PersonId | null
  personName: string | null
  permission: Permission
  ways: readonly Way[]
  language: 'zh-CN' | 'en'
  /** The zone of time that its hours are in. */
  clock: string
  /** Of the devices of one zone one speaks. */
  zone: string | null
  speaks: boolean
  /** The phone that receives the bank's SMS. */
  hearsSms: boolean
  mutedUntil: Date | null
  /** What was told up to this place is not for it. */
  since: bigint
  acked: bigint
  battery: number | null
  seenAt: Date | null
  /** When its last will was said. */
  goneAt: Date | null
  /** What runs there, and which version of it. */
  program: string | null
  /** Of a main: when its phone last showed a notice. */
  shownAt: Date | null
  authorisedAt: Date
}>

/** A prompt with all that there is to say: what stands in the books of notices, and never leaves the house as it is. */
export type Prompt = Readonly<{
  merchant: MerchantId
  seq: bigint
  notice: NoticeId
  class: PromptClass
  kind: Kind
  amount: Money
  /** Of a contradiction: what was told before. */
  before: Money | null
  told: Date
  late: boolean
  loud: boolean
  /** Not spoken, and heard as a tone: what is unverified, or an alarm by one that proves nothing. */
  soft: boolean
  large: boolean
  rehearsal: boolean
  payer: string | null
  payee: string | null
  platform: string
  orders: readonly string[]
  way: string | null
  at: Date
  outlet: OutletId | null
  till: TillId | null
  grade: Grade
  /** The two figures that end what is spoken: with them it is ours, and today's. */
  code: string
}>

/** What one terminal is told. A field that it may not see is not there. */
export type TerminalPrompt = Readonly<{
  seq: bigint
  notice: NoticeId
  class: PromptClass
  kind: Kind
  told: Date
  late: boolean
  rehearsal: boolean
  /** What it shall do now. */
  ways: readonly Way[]
  /** A tone, and no word. */
  soft?: true
  language: 'zh-CN' | 'en'
  amount?: Money
  before?: Money
  large?: boolean
  payer?: string
  payee?: string
  platform?: string
  orders?: readonly string[]
  way?: string
  at?: Date
  outlet?: OutletId
  till?: TillId
  grade?: Grade
  /** Of what was received alone. */
  code?: string
}>
