/** Receipts told by three sources at once, badly: what of it reaches the lines, and what must not. */
import { setTimeout as sleep } from 'node:timers/promises'
import { listenTo } from '@bursar/database'
import { newId, type Books, type MerchantId, type PersonId } from '@bursar/kernel'
import { firstWins, promptKey } from '@bursar/notices/first'
import {
  hear,
  hearNow,
  makeTerminal,
  openLines,
  type Evidence,
  type Lines,
  type Source,
  type Terminal,
  type TerminalPrompt,
} from '@bursar/notices'

export type Told = Readonly<{
  receipts: number
  evidence: number
  rolledBack: number
  lines: number
  reconnects: number
  perSecond: number
  missed: number
  twice: number
  neverThere: number
  leaked: number
}>

const evidence = (
  merchant: MerchantId,
  order: string,
  source: Source,
  minor: bigint,
): Evidence => ({
  ...{
    merchant,
    source,
    terminal: null,
    id: newId('evd'),
    outlet: null,
    till: null,
    text: null,
    app: null,
  },
  ...{ platform: 'alipay', kind: 'payment', orders: [order], way: null, payee: null },
  ...{ amount: { minor, currency: 'CNY' }, payer: 'a stranger', at: new Date() },
})

/** So many receipts that nobody knows yet, from the platform's callback. */
export const evidenceOf = (merchant: MerchantId, count: number): Evidence[] =>
  Array.from({ length: count }, () => evidence(merchant, newId('top'), 'callback', 100n))

/** An output point: its own first wins, and a line that breaks and comes again from its last place. */
class Output {
  readonly heard = new Map<string, number>()
  readonly #first = firstWins([], 1_000_000)
  readonly #terminal: Terminal
  #place = 0n
  #close: (() => void) | undefined
  leaked = 0
  reconnects = -1

  constructor(terminal: Terminal) {
    this.#terminal = terminal
    this.#place = terminal.since
  }

  open(lines: Lines): void {
    this.#close?.()
    this.reconnects++
    this.#close = lines.open(this.#terminal, this.#place, {
      tell: (prompts, place) => {
        for (const prompt of prompts) this.#hear(prompt)
        // Every twelfth answer is lost: it is told again what it has had.
        if (this.heard.size % 12 !== 0) this.#place = place
        return true
      },
      end: () => undefined,
    })
  }

  #hear(prompt: TerminalPrompt): void {
    if ('payer' in prompt || 'orders' in prompt) this.leaked++
    if (prompt.class === 'received' && this.#first.isFirst(promptKey(prompt)))
      this.heard.set(prompt.notice, (this.heard.get(prompt.notice) ?? 0) + 1)
  }
}

type Plan = Readonly<{ merchant: MerchantId; by: PersonId; receipts: number }>
const [atOnce, points] = [100, 5]

const pointOf = async (books: Books, merchant: MerchantId, by: PersonId, no: number) => {
  const { terminal } = await makeTerminal(books, {
    ...{ id: newId('trm'), merchant, by, kind: 'device', name: `point ${no}`, zone: null },
    ...{ ways: ['text'], language: 'en', speaks: false },
    permission: {
      ...{ fields: ['amount', 'platform'], actions: ['receive'] },
      ...{ from: null, to: null, outlets: null, tills: null, hours: null, until: null },
    },
  })
  return new Output(terminal)
}

/** Order ids of what came, and of what was only in transactions that were undone. */
type Sent = { readonly came: string[]; readonly undone: string[]; evidence: number }

/** What a batch of receipts is told of: by whom at once, and by whom later. */
function toldOf(merchant: MerchantId, orders: readonly string[]) {
  const [soon, later]: [Evidence[], Evidence[]] = [[], []]
  for (const order of orders) {
    const [minor, dice] = [BigInt(1 + Math.floor(Math.random() * 90_000)), Math.random()]
    const word = (source: Source) => evidence(merchant, order, source, minor)
    if (dice < 0.8) soon.push(word('phone'))
    const lost = Math.random() < 0.02
    if (!lost) soon.push(word('callback'))
    if (lost || dice > 0.5) later.push(word('statement'))
  }
  const again = soon.filter(() => Math.random() < 0.1)
  return { soon: shuffled([...soon, ...again]), later }
}

const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map(one => [Math.random(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one)

async function sendAll(books: Books, plan: Plan, disturb: () => void): Promise<Sent> {
  const sent: Sent = { came: [], undone: [], evidence: 0 }
  let waiting: Evidence[] = []
  while (sent.came.length < plan.receipts) {
    const orders = Array.from({ length: atOnce }, () => newId('top'))
    const { soon, later } = toldOf(plan.merchant, orders)
    const batch = [...soon, ...waiting]
    waiting = later
    if (Math.random() < 0.02) {
      await undone(books, soon)
      sent.undone.push(...orders)
      waiting = batch.slice(soon.length)
      continue
    }
    await hearNow(books, batch, new Date())
    sent.came.push(...orders)
    sent.evidence += batch.length
    disturb()
  }
  await hearNow(books, waiting, new Date())
  sent.evidence += waiting.length
  return sent
}

async function undone(books: Books, batch: readonly Evidence[]): Promise<void> {
  const stopped = new Error('undone')
  const work = books.write(async tx => {
    await hear(tx, batch, new Date())
    throw stopped
  })
  await work.catch((error: unknown) => {
    if (error !== stopped) throw error
  })
}

async function noticesOf(books: Books, merchant: MerchantId, orders: readonly string[]) {
  const rows = await books.sql<{ notice: string }>`
    select notice from notices.order_id where merchant = ${merchant} and order_no = any(${orders}::text[])`
  return new Set(rows.map(({ notice }) => notice))
}

export async function tellAll(books: Books, url: string, plan: Plan): Promise<Told> {
  const { merchant, by } = plan
  const lines = openLines(books, () => new Date())
  const deafen = listenTo(url, 'notices', lines)
  const numbers = Array.from({ length: points }, (_, no) => no)
  const outputs = await Promise.all(numbers.map(no => pointOf(books, merchant, by, no)))
  const any = () => outputs[Math.floor(Math.random() * points)]!
  for (const one of outputs) one.open(lines)
  const start = performance.now()
  const sent = await sendAll(books, plan, () => any().open(lines))
  const seconds = (performance.now() - start) / 1000
  const came = await noticesOf(books, merchant, sent.came)
  const until = performance.now() + 30_000
  while (outputs.some(one => one.heard.size < came.size) && performance.now() < until)
    await sleep(50)
  lines.stop()
  await deafen()
  const sum = (of: (one: Output) => number) => outputs.reduce((all, one) => all + of(one), 0)
  return {
    ...{ receipts: sent.came.length, evidence: sent.evidence, rolledBack: sent.undone.length },
    ...{ lines: points, reconnects: sum(one => one.reconnects) },
    perSecond: Math.round(sent.evidence / seconds),
    missed:
      sent.came.length - came.size + sum(one => [...came].filter(id => !one.heard.has(id)).length),
    twice: sum(one => [...one.heard.values()].filter(times => times > 1).length),
    neverThere: sum(one => [...one.heard.keys()].filter(notice => !came.has(notice)).length),
    leaked: sum(one => one.leaked),
  }
}
