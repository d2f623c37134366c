/** What notices look like on the wire: counters, notices, evidence, prompts, terminals, nights. */
import { Type, type Static } from 'typebox'
import { Sum } from './custody.ts'
import { Closed, IdOf, Instant, Money, Name } from './words.ts'

export const CounterId = IdOf('ctr')
export const NoticeId = IdOf('ntc')
export const TerminalId = IdOf('trm')
export const InvitationId = IdOf('inv')
export const RefundRequestId = IdOf('rrq')
export const Merchant = IdOf('mer')
export const Outlet = IdOf('out')
export const Till = IdOf('til')
const Person = IdOf('per')
/** A minute of the day, of the outlet's zone: 0 is midnight. */
const Minute = Type.Integer({ minimum: 0, maximum: 1439 })
/** From one minute of the day until before another; over midnight where `from` is the later. */
export const Hours = Closed({ from: Minute, to: Minute })
/** A place in the merchant's stream of prompts: 1, 2, 3 … without a gap. */
export const Seq = Type.String({ pattern: '^\\d{1,18}$' })

export const Kind = Type.Enum(['payment', 'refund', 'reversal'])
/** C a phone's notification, B a bank's SMS, A a signed callback or our books, A+ a line of a bank's statement. */
export const Grade = Type.Enum(['C', 'B', 'A', 'A+'])
/** `seen`: shown, soft, 待核实. `received`: spoken, once. `contradicted`: an alarm. `checked`: somebody has looked. */
export const PromptClass = Type.Enum(['seen', 'received', 'contradicted', 'checked'])
export const NoticeState = Type.Enum(['seen', 'received', 'checked'])
export const Way = Type.Enum(['text', 'picture', 'voice', 'vibration'])
/** What a terminal can be allowed to see of a notice. Its kind, and that there is one, it always sees. */
export const Field = Type.Enum([
  'amount',
  'payer',
  'payee',
  'platform',
  'order',
  'way',
  'time',
  'outlet',
  'grade',
])
/** What a terminal can be allowed to do. `receive`: be told at all. `ask_refund` asks; nobody's money moves. */
export const Action = Type.Enum(['receive', 'check', 'look_up', 'totals', 'ask_refund', 'mute'])
export const Platform = Type.String({
  pattern: '^[a-z][a-z0-9-]{0,39}$',
  description: '`alipay`, `wechat-pay`, `unionpay`, a bank; `bursar` is our own books',
})

/** How an outlet is told. One that has no counter of its own is told at the merchant's first. */
export const CounterSettings = Closed({
  /** Absent: the counter of all that names no outlet. */
  outlet: Type.Optional(Outlet),
  name: Name(40),
  /** The least grade that is spoken as received. B is the owner's own risk. */
  threshold: Type.Enum(['A', 'B']),
  /** Seconds after which something is told as late. */
  patience: Type.Integer({ minimum: 5, maximum: 86_400 }),
  /** Whether what is late is spoken (as late), or only shown. */
  lateSpoken: Type.Boolean(),
  /** From this sum on a prompt is marked as large. */
  large: Type.Optional(Sum),
  /** Shown, not spoken. */
  quiet: Type.Optional(Hours),
  /** The hours of its day at which it is rehearsed by itself. */
  rehearse: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: 23 }), { maxItems: 24, uniqueItems: true }),
  ),
  /** A closed counter is told nothing more. */
  open: Type.Boolean(),
})
export const CounterView = Closed({
  id: CounterId,
  ...CounterSettings.properties,
  outletName: Type.Optional(Type.String()),
  zone: Type.String(),
  openedAt: Instant,
})
export type CounterView = Static<typeof CounterView>

/** The seven attributes of a collection notice. */
const attributes = {
  /** The platform's order id and ours, where both are known. Empty: known by sum and time alone (`weak`). */
  orders: Type.Array(Type.String()),
  payer: Type.Optional(Type.String()),
  payee: Type.Optional(Type.String()),
  /** What kind of payment: `top_up`, `spend`, `charge`, `checkout`, `withdrawal`, or the platform's own word. */
  way: Type.Optional(Type.String()),
  amount: Type.Optional(Money),
  /** When it happened, by who told it. */
  at: Instant,
  platform: Type.Optional(Type.String()),
}
export const NoticeView = Closed({
  id: NoticeId,
  kind: Kind,
  ...attributes,
  amount: Money,
  platform: Type.String(),
  counter: CounterId,
  outlet: Type.Optional(Outlet),
  /** Of that outlet, where its source says it. */
  till: Type.Optional(Till),
  tillName: Type.Optional(Type.String()),
  /** The best grade that has spoken of it. */
  grade: Grade,
  state: NoticeState,
  /** Found by sum, time, platform and payer, until an order id comes. */
  weak: Type.Boolean(),
  /** Somebody told another sum under the same order id. */
  contradicted: Type.Boolean(),
  /** A rehearsal: it counts nowhere. */
  rehearsal: Type.Boolean(),
  /** Told later than the counter's patience. */
  late: Type.Boolean(),
  /** When we first heard of it. */
  heardAt: Instant,
  /** How often it was told to us; all but the first of each class were filtered. */
  heard: Type.Integer(),
  checkedAt: Type.Optional(Instant),
  checkedBy: Type.Optional(Person),
  checkedByName: Type.Optional(Type.String()),
})
export type NoticeView = Static<typeof NoticeView>

/**
 * What became of evidence.
 *   new          a notice by it, shown or spoken
 *   raised       it was known, and now it is spoken as received
 *   filtered     it was known: the grade may have risen in silence
 *   contradicts  another sum under the same order id: an alarm
 *   unreadable   no sum could be read in it; kept, and shown here
 */
export const Outcome = Type.Enum(['new', 'raised', 'filtered', 'contradicts', 'unreadable'])
export const Source = Type.Enum(['phone', 'sms', 'callback', 'books', 'statement', 'rehearsal'])
export const EvidenceView = Closed({
  id: Type.String(),
  source: Source,
  grade: Grade,
  outcome: Outcome,
  notice: Type.Optional(NoticeId),
  kind: Kind,
  ...attributes,
  outlet: Type.Optional(Outlet),
  /** Of that outlet, where this source says it. */
  till: Type.Optional(Till),
  tillName: Type.Optional(Type.String()),
  /** What it is about, where the sums differ. */
  noticeAmount: Type.Optional(Money),
  terminal: Type.Optional(TerminalId),
  terminalName: Type.Optional(Type.String()),
  /** As the phone showed it. */
  text: Type.Optional(Type.String()),
  heardAt: Instant,
})
export type EvidenceView = Static<typeof EvidenceView>

/** What one terminal is told: what it may not see is not in it. Filter by (`notice`, `class`): two lines may bring the same. */
export const PromptView = Closed({
  seq: Seq,
  notice: NoticeId,
  class: PromptClass,
  kind: Kind,
  /** When it was told. Late: the money is older than the counter's patience. */
  told: Instant,
  late: Type.Boolean(),
  rehearsal: Type.Boolean(),
  /** What this terminal shall do now: no `voice` in quiet hours, when muted, or beside the zone's speaker. */
  ways: Type.Array(Way),
  /** Not spoken, but heard: a soft tone for what is unverified, an alarm's tones where two sums were told. */
  soft: Type.Optional(Type.Literal(true)),
  language: Type.Enum(['zh-CN', 'en']),
  /** Only beside `amount`. */
  large: Type.Optional(Type.Boolean()),
  amount: Type.Optional(Money),
  /** Of a contradiction, beside `amount`: the sum that was told before. */
  before: Type.Optional(Money),
  payer: Type.Optional(Type.String()),
  payee: Type.Optional(Type.String()),
  platform: Type.Optional(Type.String()),
  orders: Type.Optional(Type.Array(Type.String())),
  way: Type.Optional(Type.String()),
  at: Type.Optional(Instant),
  outlet: Type.Optional(Outlet),
  till: Type.Optional(Till),
  grade: Type.Optional(Grade),
  /** Of `received`: the two figures that its voice ends with. They change with the receipt and the day; a recording has the wrong ones. */
  code: Type.Optional(Type.String({ pattern: '^\\d\\d$' })),
})
export type PromptView = Static<typeof PromptView>

export const Permission = Closed({
  fields: Type.Array(Field, { maxItems: 9, uniqueItems: true }),
  actions: Type.Array(Action, { maxItems: 6, uniqueItems: true }),
  /** Only sums from, and to: both count themselves. */
  from: Type.Optional(Sum),
  to: Type.Optional(Sum),
  /** Absent: every outlet, and what names none. */
  outlets: Type.Optional(Type.Array(Outlet, { minItems: 1, maxItems: 50, uniqueItems: true })),
  /**
   * Only what came in at these tills, of the outlets above; what names none is not for it. Without outlets, those that the
   * tills stand in are meant.
   */
  tills: Type.Optional(Type.Array(Till, { minItems: 1, maxItems: 50, uniqueItems: true })),
  /** What is told outside these hours is not for it. */
  hours: Type.Optional(Hours),
  /** After that it is as if it were suspended. */
  until: Type.Optional(Instant),
})
export type Permission = Static<typeof Permission>

export const TerminalState = Type.Enum(['authorised', 'suspended', 'revoked'])
export const TerminalView = Closed({
  id: TerminalId,
  merchant: Merchant,
  merchantName: Type.String(),
  kind: Type.Enum(['main', 'sub', 'device']),
  name: Type.String(),
  state: TerminalState,
  /** Who holds it; a device is held by nobody. */
  person: Type.Optional(Person),
  personName: Type.Optional(Type.String()),
  permission: Permission,
  ways: Type.Array(Way),
  language: Type.Enum(['zh-CN', 'en']),
  /** Of the devices of one zone one speaks. */
  zone: Type.Optional(Type.String()),
  speaks: Type.Boolean(),
  /** What it brings as an SMS of a bank's own number is worth B; from any other it is worth what a phone shows. */
  hearsSms: Type.Optional(Type.Boolean()),
  mutedUntil: Type.Optional(Instant),
  authorisedAt: Instant,
  /** Heartbeat: when it was last heard, its battery in per cent, the last prompt that it has. */
  seenAt: Type.Optional(Instant),
  battery: Type.Optional(Type.Integer()),
  acked: Seq,
  /** When its last will was said; absent as soon as it is heard of again. */
  goneAt: Type.Optional(Instant),
  program: Type.Optional(Type.String()),
  /** Of a main: when its phone last showed a notice. */
  shownAt: Type.Optional(Instant),
})
export type TerminalView = Static<typeof TerminalView>

/** A rehearsal, and from whom it is back. */
export const RehearsalView = Closed({
  notice: NoticeId,
  counterName: Type.String(),
  at: Instant,
  /** The hour that the owner chose; absent: on the button. */
  due: Type.Optional(Instant),
  echoes: Type.Array(
    Closed({
      terminal: TerminalId,
      name: Type.String(),
      kind: Type.Enum(['main', 'sub', 'device']),
      backAt: Type.Optional(Instant),
    }),
  ),
})

export const RefundRequestView = Closed({
  id: RefundRequestId,
  notice: NoticeId,
  terminal: TerminalId,
  terminalName: Type.String(),
  amount: Money,
  reason: Type.String(),
  state: Type.Enum(['asked', 'done', 'refused']),
  askedAt: Instant,
  askedBy: Type.Optional(Person),
  answeredAt: Type.Optional(Instant),
  answeredBy: Type.Optional(Person),
  answer: Type.Optional(Type.String()),
})
