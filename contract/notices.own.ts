/**
 * A terminal's own routes: it is told, and answers. They are open to the signed-in person who holds it, and to a program
 * or device that brings the terminal's secret in the header `Terminal-Secret: nts_…`. To everybody else it is not there (404).
 */
import { Type } from 'typebox'
import { Sum } from './custody.ts'
import {
  InvitationId,
  Kind,
  NoticeId,
  Outcome,
  Platform,
  PromptView,
  RefundRequestView,
  Seq,
  TerminalId,
  TerminalView,
} from './notices.views.ts'
import { route } from './route.ts'
import { Closed, Day, Instant, Money, PageOf, paging, Text } from './words.ts'

const guest = ['guest'] as const
const own = Closed({ terminal: TerminalId })
export const readTerminal = route({
  method: 'GET',
  path: '/v1/notices/terminals/:terminal',
  summary: 'What the terminal is, and what it may',
  by: guest,
  on: 'either',
  params: own,
  reply: TerminalView,
})
export const watchPrompts = route({
  method: 'GET',
  path: '/v1/notices/terminals/:terminal/stream',
  summary:
    'Server-sent events, by `Last-Event-ID` or `after` from where the terminal was, else from its last acknowledged: `prompt` (PromptView; its id is its place), `place` (nothing for you up to here), `ended` with `why` (suspended, revoked, expired, handed_over, too_many). Ends after five minutes: come again',
  by: guest,
  on: 'either',
  params: own,
  query: Closed({ after: Type.Optional(Seq) }),
  reply: Type.String(),
})
export const listPrompts = route({
  method: 'GET',
  path: '/v1/notices/terminals/:terminal/prompts',
  summary:
    'The prompts after a place, oldest first, for who polls. `place` is where to go on; `more`: ask again at once',
  by: guest,
  on: 'either',
  params: own,
  query: Closed({ after: Type.Optional(Seq), limit: paging.limit }),
  reply: Closed({ rows: Type.Array(PromptView), place: Seq, more: Type.Boolean() }),
})
export const hearPrompt = route({
  method: 'GET',
  path: '/v1/notices/terminals/:terminal/prompts/:seq/audio',
  summary:
    'A received prompt as it is spoken, in the terminal’s language: WAV, 16 kHz, one channel. It says what the terminal may see, and no more; what is not spoken is not there. Ask again with If-None-Match',
  by: guest,
  on: 'either',
  media: 'audio/wav',
  params: Closed({ terminal: TerminalId, seq: Seq }),
  reply: Type.String(),
})
export const replayLast = route({
  method: 'GET',
  path: '/v1/notices/terminals/:terminal/last',
  summary: 'The last prompt that was for this terminal, to be told once more',
  by: guest,
  on: 'either',
  params: own,
  reply: Closed({ prompt: Type.Optional(PromptView) }),
})
export const sendHeartbeat = route({
  method: 'POST',
  path: '/v1/notices/terminals/:terminal/heartbeat',
  summary:
    'I am here: battery, version, the last prompt that I have, the last notice that my phone showed. Every 30 seconds',
  by: guest,
  on: 'either',
  params: own,
  body: Closed({
    battery: Type.Optional(Type.Integer({ minimum: 0, maximum: 100 })),
    acked: Type.Optional(Seq),
    /** What runs there, and which version: `announcer 0.1.0`. */
    program: Type.Optional(Text(40)),
    /** Of a main: when its phone last showed a notice. */
    shown: Type.Optional(Instant),
  }),
  /** Our time, the last place of the stream, and the merchant’s mains and devices that have fallen silent. */
  reply: Closed({
    now: Instant,
    seq: Seq,
    silent: Type.Array(
      Closed({ name: Type.String(), kind: Type.Enum(['main', 'device']), since: Instant }),
    ),
  }),
})
/** What a capture knows: attributes, or the text that it saw, or both. What it does not say is read from the text. */
export const HeardItem = Closed({
  /** Its own, for ever: sent again it is answered as before. */
  id: Text(64),
  source: Type.Enum(['phone', 'sms']),
  /** When the phone showed it, or when the notice says that it happened. */
  at: Instant,
  /** Which app showed it: a package's name, or a number that sent the SMS. */
  app: Type.Optional(Text(100)),
  title: Type.Optional(Text(200)),
  text: Type.Optional(Text(2000)),
  platform: Type.Optional(Platform),
  kind: Type.Optional(Kind),
  orders: Type.Optional(Type.Array(Text(64), { maxItems: 4 })),
  amount: Type.Optional(Sum),
  payer: Type.Optional(Text(80)),
  payee: Type.Optional(Text(80)),
  way: Type.Optional(Text(40)),
})
export const postEvidence = route({
  method: 'POST',
  path: '/v1/notices/terminals/:terminal/evidence',
  summary:
    'A main tells what its phone saw; what was kept offline comes in batches, with its own times',
  by: guest,
  on: 'either',
  params: own,
  body: Closed({ items: Type.Array(HeardItem, { minItems: 1, maxItems: 200 }) }),
  /** In the order in which they were sent. */
  reply: Closed({
    rows: Type.Array(
      Closed({ id: Type.String(), outcome: Outcome, notice: Type.Optional(NoticeId) }),
    ),
  }),
})
export const checkNotice = route({
  method: 'POST',
  path: '/v1/notices/terminals/:terminal/notices/:notice/check',
  summary: 'Somebody at the counter has looked (`check`). Said again it changes nothing',
  by: guest,
  on: 'either',
  params: Closed({ terminal: TerminalId, notice: NoticeId }),
  body: Closed({}),
  reply: Closed({ notice: NoticeId, checkedAt: Instant }),
})
/** A prompt's fields, less what is about telling: a line of today's list, as this terminal may see it. */
const {
  seq: _,
  ways: __,
  language: ___,
  told: ____,
  class: _____,
  soft: ______,
  ...seen
} = PromptView.properties
const { payer, payee, platform, orders, way, amount, at, grade } = PromptView.properties
/** What was heard of it after it was told: with the fields that this terminal may see, and no others. */
const FilteredView = Closed({
  ...{ payer, payee, platform, orders, way, amount, at, grade },
  /** Only beside `at`. */
  heardAt: Type.Optional(Instant),
})
export const LookUpView = Closed({
  ...seen,
  state: Type.Enum(['seen', 'received', 'checked']),
  weak: Type.Boolean(),
  contradicted: Type.Boolean(),
  /** Newest first, twenty at the most. */
  filtered: Type.Array(FilteredView),
})
export const lookUpToday = route({
  method: 'GET',
  path: '/v1/notices/terminals/:terminal/today',
  summary:
    'Today’s notices as this terminal may see them (`look_up`), newest first, each with what was filtered of it',
  by: guest,
  on: 'either',
  params: own,
  query: Closed({ limit: paging.limit, cursor: paging.cursor }),
  reply: PageOf(LookUpView),
})
export const readTotals = route({
  method: 'GET',
  path: '/v1/notices/terminals/:terminal/totals',
  summary: 'Today’s totals of what was received and this terminal may see (`totals`)',
  by: guest,
  on: 'either',
  params: own,
  reply: Closed({
    day: Day,
    rows: Type.Array(Closed({ kind: Kind, count: Type.Integer(), sum: Money })),
  }),
})
export const askRefund = route({
  method: 'POST',
  path: '/v1/notices/terminals/:terminal/refund-requests',
  summary: 'Ask the owner to pay back (`ask_refund`). Nobody’s money moves',
  by: guest,
  on: 'either',
  status: 201,
  params: own,
  body: Closed({ notice: NoticeId, amount: Type.Optional(Sum), reason: Text(200) }),
  /** Its sum is not there for who may not see it. */
  reply: Closed({ ...RefundRequestView.properties, amount: Type.Optional(Money) }),
})
export const muteTerminal = route({
  method: 'POST',
  path: '/v1/notices/terminals/:terminal/mute',
  summary: 'Shown, not spoken, for so many minutes (`mute`); 0: speak again',
  by: guest,
  on: 'either',
  params: own,
  body: Closed({ minutes: Type.Integer({ minimum: 0, maximum: 720 }) }),
  reply: TerminalView,
})
export const handOverTerminal = route({
  method: 'POST',
  path: '/v1/notices/terminals/:terminal/hand-over',
  summary:
    'At shift change: a code for ten minutes. Who takes it up holds the terminal, with what it may; it needs a seat at the merchant',
  by: ['consumer'],
  on: 'either',
  status: 201,
  params: own,
  body: Closed({}),
  reply: Closed({ id: InvitationId, code: Type.String(), url: Type.String(), expiresAt: Instant }),
})
export const leaveTerminal = route({
  method: 'POST',
  path: '/v1/notices/terminals/:terminal/leave',
  summary: 'Whoever holds it gives it up: revoked',
  by: ['consumer'],
  on: 'either',
  params: own,
  body: Closed({}),
  reply: TerminalView,
})
