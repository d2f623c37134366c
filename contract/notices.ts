/** Notices on the wire, for the merchant: counters, what was told and by whom, rehearsals, health, nights. */
import { Type } from 'typebox'
import { days, Sum, till } from './custody.ts'
import { Difference, DifferenceView, NightView } from './notices.nights.ts'
import {
  CounterId,
  CounterSettings,
  CounterView,
  EvidenceView,
  Grade,
  Kind,
  Merchant,
  NoticeId,
  NoticeState,
  NoticeView,
  Outcome,
  Outlet,
  Platform,
  PromptClass,
  RefundRequestId,
  RefundRequestView,
  RehearsalView,
  Seq,
  Source,
  TerminalId,
  TerminalView,
  Till,
} from './notices.views.ts'
import { route } from './route.ts'
import { Closed, Day, Instant, Money, PageOf, paging, Text } from './words.ts'

const atMerchant = Closed({ merchant: Merchant })
const ofNotice = Closed({ merchant: Merchant, notice: NoticeId })
const owner = ['owner'] as const
const { limit, cursor } = paging

export const listCounters = route({
  method: 'GET',
  path: '/v1/notices/merchants/:merchant/counters',
  summary: 'A merchant’s counters, the first opened first',
  by: till,
  on: 'merchant',
  params: atMerchant,
  reply: Closed({ rows: Type.Array(CounterView) }),
})
export const putCounter = route({
  method: 'PUT',
  path: '/v1/notices/merchants/:merchant/counters/:counter',
  summary: 'Open a counter, or change or close it; its id is the caller’s to make',
  by: owner,
  on: 'merchant',
  params: Closed({ merchant: Merchant, counter: CounterId }),
  body: CounterSettings,
  reply: CounterView,
})
export const listNotices = route({
  method: 'GET',
  path: '/v1/notices/merchants/:merchant/notices',
  summary: 'Notices, newest first; `q` searches order ids, payers, payees, sums',
  by: owner,
  on: 'merchant',
  exports: true,
  params: atMerchant,
  query: Closed({
    ...paging,
    ...days,
    state: Type.Optional(NoticeState),
    kind: Type.Optional(Kind),
    grade: Type.Optional(Grade),
    platform: Type.Optional(Platform),
    outlet: Type.Optional(Outlet),
    till: Type.Optional(Till),
    weak: Type.Optional(Type.Boolean()),
    contradicted: Type.Optional(Type.Boolean()),
    late: Type.Optional(Type.Boolean()),
    /** Absent: no rehearsals. */
    rehearsal: Type.Optional(Type.Boolean()),
  }),
  reply: PageOf(NoticeView),
})
export const listEvidence = route({
  method: 'GET',
  path: '/v1/notices/merchants/:merchant/evidence',
  summary:
    'All that was heard, newest first, also what was filtered, contradicts or could not be read',
  by: owner,
  on: 'merchant',
  exports: true,
  params: atMerchant,
  query: Closed({
    ...paging,
    ...days,
    outcome: Type.Optional(Outcome),
    source: Type.Optional(Source),
    terminal: Type.Optional(TerminalId),
  }),
  reply: PageOf(EvidenceView),
})
export const takeStatement = route({
  method: 'POST',
  path: '/v1/notices/merchants/:merchant/statements',
  summary:
    'The shop’s own statement, of its bank or platform, as CSV in UTF-8 or GBK: the best evidence there is. Sent twice it changes nothing',
  by: owner,
  on: 'merchant',
  params: atMerchant,
  body: Closed({
    /** Whose statement it is. */
    platform: Type.Enum(['alipay', 'wechat-pay', 'unionpay', 'bank']),
    outlet: Type.Optional(Outlet),
    data: Type.String({
      pattern: '^[A-Za-z0-9+/]+={0,2}$',
      maxLength: 720_000,
      description: 'the file, in base64',
    }),
    /** Only tells what it would do. */
    preview: Type.Optional(Type.Boolean()),
  }),
  reply: Closed({
    rows: Type.Integer(),
    /** What went out, or did not come about. */
    others: Type.Integer(),
    /** Of a time before the counter, or more than 40 days ago. */
    older: Type.Integer(),
    /** Twenty at most, by their line in the file. */
    unread: Type.Array(Closed({ line: Type.Integer(), why: Type.Enum(['time', 'amount']) })),
    unreadAll: Type.Integer(),
    outcomes: Closed({
      new: Type.Integer(),
      raised: Type.Integer(),
      filtered: Type.Integer(),
      contradicts: Type.Integer(),
    }),
  }),
})
export const readNotice = route({
  method: 'GET',
  path: '/v1/notices/merchants/:merchant/notices/:notice',
  summary: 'A notice with its evidence and its prompts, oldest first',
  by: owner,
  on: 'merchant',
  params: ofNotice,
  reply: Closed({
    ...NoticeView.properties,
    evidence: Type.Array(EvidenceView),
    prompts: Type.Array(
      Closed({
        seq: Seq,
        class: PromptClass,
        at: Instant,
        late: Type.Boolean(),
        loud: Type.Boolean(),
        amount: Money,
        /** How many authorised terminals have it, of those that were sent it or are behind. */
        acked: Type.Integer(),
      }),
    ),
  }),
})
export const readToday = route({
  method: 'GET',
  path: '/v1/notices/merchants/:merchant/today',
  summary: 'The day’s totals by kind and state, rehearsals left out; of one outlet, if it is named',
  by: owner,
  on: 'merchant',
  params: atMerchant,
  query: Closed({ outlet: Type.Optional(Outlet), day: Type.Optional(Day) }),
  reply: Closed({
    day: Day,
    rows: Type.Array(Closed({ kind: Kind, state: NoticeState, count: Type.Integer(), sum: Money })),
  }),
})
export const rehearse = route({
  method: 'POST',
  path: '/v1/notices/merchants/:merchant/rehearsals',
  summary: 'A rehearsal: the whole way from evidence to prompt, marked as one; counts nowhere',
  by: till,
  on: 'merchant',
  status: 201,
  params: atMerchant,
  body: Closed({
    counter: Type.Optional(CounterId),
    /** 0.01 of the merchant’s own money, if not said. */
    amount: Type.Optional(Sum),
  }),
  /** Who has it: `acked` on the health board has reached `seq`. */
  reply: Closed({ notice: NoticeId, seq: Seq, at: Instant }),
})
export const readNoticeHealth = route({
  method: 'GET',
  path: '/v1/notices/merchants/:merchant/health',
  summary: 'The health board: who is heard, who is silent, who is behind; poll with If-None-Match',
  by: till,
  on: 'merchant',
  params: atMerchant,
  reply: Closed({
    /** The last place of the stream. */
    seq: Seq,
    /** The last prompt of real money, and the last rehearsal. */
    lastRealAt: Type.Optional(Instant),
    lastRehearsalAt: Type.Optional(Instant),
    rehearsal: Type.Optional(RehearsalView),
    rows: Type.Array(
      Closed({
        ...TerminalView.properties,
        /** Its last will was said, or nothing for two minutes, from one that is authorised. */
        silent: Type.Boolean(),
        /** Prompts after the last one that it has. */
        behind: Type.Integer(),
        /** The last evidence of a main. */
        lastEvidenceAt: Type.Optional(Instant),
      }),
    ),
    /** Codes: `main_silent`, `device_silent`, `zone_without_speaker`, `nobody_is_told`, `no_receipt_today`, `rehearsal_not_back`, `rehearsal_missed`, `entry_set_aside`. */
    alarms: Type.Array(
      Closed({
        code: Type.String(),
        terminal: Type.Optional(TerminalId),
        zone: Type.Optional(Text(40)),
        /** The counter’s name. */
        counter: Type.Optional(Text(40)),
      }),
    ),
  }),
})
export const listRefundRequests = route({
  method: 'GET',
  path: '/v1/notices/merchants/:merchant/refund-requests',
  summary: 'What staff asked to be paid back, newest first. A request moves no money',
  by: owner,
  on: 'merchant',
  exports: true,
  params: atMerchant,
  query: Closed({
    ...{ limit, cursor },
    state: Type.Optional(Type.Enum(['asked', 'done', 'refused'])),
  }),
  reply: PageOf(RefundRequestView),
})
export const answerRefundRequest = route({
  method: 'POST',
  path: '/v1/notices/merchants/:merchant/refund-requests/:refundRequest/answer',
  summary: 'The owner has paid it back elsewhere, or refuses it',
  by: owner,
  on: 'merchant',
  params: Closed({ merchant: Merchant, refundRequest: RefundRequestId }),
  body: Closed({
    state: Type.Enum(['done', 'refused']),
    answer: Type.Optional(Text(200)),
  }),
  reply: RefundRequestView,
})
export const listNights = route({
  method: 'GET',
  path: '/v1/notices/merchants/:merchant/nights',
  summary: 'What was announced beside the money, by day and counter, newest first',
  by: ['owner', 'supervisor'],
  on: 'merchant',
  exports: true,
  params: atMerchant,
  query: Closed({ ...{ limit, cursor }, ...days, counter: Type.Optional(CounterId) }),
  reply: PageOf(NightView),
})
export const listDifferences = route({
  method: 'GET',
  path: '/v1/notices/merchants/:merchant/differences',
  summary:
    'Each difference between what was announced and the money, with its reason, newest day first',
  by: ['owner', 'supervisor'],
  on: 'merchant',
  exports: true,
  params: atMerchant,
  query: Closed({
    ...{ limit, cursor },
    ...days,
    counter: Type.Optional(CounterId),
    why: Type.Optional(Difference),
  }),
  reply: PageOf(DifferenceView),
})
