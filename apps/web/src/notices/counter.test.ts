import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PromptView } from '@bursar/contract'
import { mannerOf } from './manner.ts'
import { openLine, type LineState } from './line.ts'
import { pulseOf } from './pulse.ts'
import { empty, moved, type Board } from './queue.ts'
import { sentenceOf } from './sentence.ts'
import { withChecked } from './rows.ts'
import { openTold } from './told.ts'
import { askForTurn, type Turn } from './turn.ts'

const prompt = (seq: number, more: Partial<PromptView> = {}): PromptView => ({
  ...{ seq: String(seq), notice: `ntc_${seq}`, class: 'received', kind: 'payment' },
  ...{ told: '2026-11-30T04:00:00Z', late: false, rehearsal: false },
  ...{ ways: ['text', 'voice'], language: 'zh-CN' },
  ...more,
})
const drawer = () => {
  const kept = new Map<string, string>()
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
  }
}

test('P4-18 P4-20 a screen tells a notice once, by notice and by platform, order and kind, over a reload too', () => {
  const storage = drawer()
  const [before, after] = [openTold('trm_1', storage), () => openTold('trm_1', storage)]
  const order = { platform: 'alipay', orders: ['2026'] }
  assert.equal(before.first(prompt(7, order)), true)
  assert.equal(before.first(prompt(7, order)), false)
  assert.equal(after().first(prompt(8, order)), false, 'another line brings the same order')
  assert.equal(after().first(prompt(9, { ...order, kind: 'refund' })), true)
  assert.equal(after().first(prompt(10, { ...order, class: 'contradicted' })), true)
  assert.equal(after().first(prompt(11, { ...order, platform: 'wechat-pay' })), true)
  const seen = prompt(11, { ...order, notice: 'ntc_7', class: 'seen' })
  assert.equal(after().first(seen), false, 'what was received is not seen any more')
  assert.equal(after().place(), '11')
  after().pass('9')
  assert.equal(after().place(), '11', 'a place never goes back')
})

/** A stream that is played, and a clock that goes when it is told to. */
function played() {
  const urls: string[] = []
  const states: LineState[] = []
  const prompts: PromptView[] = []
  const waiting: { act: () => void; wait: number }[] = []
  let hears = new Map<string, (event: MessageEvent<string>) => void>()
  const line = openLine({
    ...{ told: openTold('trm_1', drawer()), url: after => `after=${after ?? ''}` },
    ...{ prompt: one => void prompts.push(one), state: one => void states.push(one) },
    open: url => {
      urls.push(url)
      const own = (hears = new Map<string, (event: MessageEvent<string>) => void>())
      return { close: () => undefined, addEventListener: (name, hear) => void own.set(name, hear) }
    },
    later: (act, wait) => void waiting.push({ act, wait }),
    now: () => 1000,
  })
  const tell = (name: string, data: unknown = '', lastEventId = '') =>
    hears.get(name)?.({ data: JSON.stringify(data), lastEventId } as MessageEvent<string>)
  return { line, urls, states, prompts, waiting, tell }
}

test('P4-I4 a line that broke goes on from the last place, without a gap and without a double', () => {
  const { urls, prompts, waiting, tell, states } = played()
  tell('open')
  tell('prompt', prompt(3))
  tell('place', '', '5')
  tell('error')
  assert.equal(waiting[0]?.wait, 0)
  waiting[0]?.act()
  assert.deepEqual(urls, ['after=', 'after=5'])
  tell('open')
  tell('prompt', prompt(3))
  tell('prompt', prompt(6))
  assert.deepEqual(
    prompts.map(({ seq }) => seq),
    ['3', '6'],
  )
  assert.deepEqual(
    states.map(({ is }) => is),
    ['open'],
    'a break that is mended at once is not said',
  )
})

test('P4-I4 a line that stays away says so, and since when; it is asked for more and more seldom', () => {
  const { waiting, tell, states, line, urls } = played()
  tell('open')
  for (const wait of [0, 1000, 2000, 4000, 8000, 15_000, 15_000]) {
    tell('error')
    const next = waiting.pop()
    assert.equal(next?.wait, wait)
    next?.act()
  }
  assert.deepEqual(states.at(-1), { is: 'lost', since: 1000 })
  const asked = urls.length
  line.again()
  assert.equal(urls.length, asked + 1, 'the network is back: asked for at once')
  tell('open')
  assert.equal(states.at(-1)?.is, 'open')
})

test('P4-I4 a line that seems open is opened again from its place: by a heartbeat without an answer, and when the stream is twice farther than it', () => {
  const { line, urls, tell } = played()
  tell('open')
  tell('prompt', prompt(3))
  const { beat, look } = pulseOf(
    () => line,
    () => '3',
  )
  beat('3')
  beat('4')
  beat('3')
  beat('4')
  assert.equal(urls.length, 1, 'once farther is a prompt on its way')
  beat('4')
  assert.deepEqual(urls.slice(1), ['after=3'])
  beat('4')
  assert.equal(urls.length, 2, 'it has time to come')
  beat(undefined)
  assert.deepEqual(urls.slice(2), ['after=3'])
  look()
  beat('4')
  assert.equal(urls.length, 4)
})

test('P4-I1 a terminal that is suspended asks again now and then; one that is revoked is silent for good', () => {
  const { waiting, tell, states, line, urls } = played()
  tell('ended', { why: 'suspended' })
  assert.equal(states.at(-1)?.why, 'suspended')
  assert.equal(waiting.pop()?.wait, 30_000)
  tell('ended', { why: 'revoked' })
  assert.equal(states.at(-1)?.why, 'suspended', 'a stream that was left is not heard')
  line.again()
  tell('ended', { why: 'revoked' })
  const asked = urls.length
  line.again()
  assert.equal(urls.length, asked)
})

const play = (acts: Parameters<typeof moved>[1][], board: Board = empty) =>
  acts.reduce(moved, board)

test('P4-I6 several at once wait their turn; a contradiction is an alarm until it was looked at', () => {
  const hear = (one: PromptView, late = false) => ({ do: 'hear', prompt: one, late }) as const
  const board = play([
    hear(prompt(1)),
    hear(prompt(2, { class: 'seen' })),
    hear(prompt(3, { notice: 'ntc_2' })),
    hear(prompt(4, { class: 'contradicted' })),
    hear(prompt(5), true),
    { do: 'next' },
  ])
  assert.equal(board.shown?.seq, '1')
  assert.deepEqual(
    board.queue.map(({ seq }) => seq),
    ['3'],
    'what is verified before its turn is told once, as received',
  )
  assert.equal(board.alarms.length, 1)
  assert.deepEqual([...play([{ do: 'looked' }], board).disputed], [prompt(4).notice])
  assert.deepEqual(
    board.late.map(({ seq }) => seq),
    ['5'],
    'what is late is never told as new, nor dropped',
  )
  assert.equal(play([{ do: 'looked' }, { do: 'read' }], board).alarms.length, 0)
  assert.equal(play([{ do: 'next' }, { do: 'next' }], board).shown?.seq, '3')
  assert.equal(play([{ do: 'again' }], board).times, 2)
  const reloaded = play([{ do: 'show', prompt: prompt(6, { class: 'contradicted' }) }])
  assert.deepEqual([reloaded.shown, reloaded.alarms.length], [undefined, 1])
})

test('P4-27 P4-I6 a prompt names the platform and the sum in words; late, rehearsed and refunded are said', () => {
  const hundred = { platform: 'alipay', amount: { amount: '100.00', currency: 'CNY' } }
  const said = (more: Partial<PromptView>) => sentenceOf(prompt(1, { ...hundred, ...more }))
  assert.equal(said({}), '支付宝收款，一百元')
  assert.equal(said({ language: 'en' }), 'Alipay received, one hundred yuan')
  assert.equal(said({ kind: 'refund', late: true }), '补报，支付宝退款，一百元')
  assert.equal(said({ rehearsal: true }), '演练，支付宝收款，一百元')
  assert.equal(said({ class: 'seen' }), '待核实，支付宝收款，一百元', 'never as received alone')
  assert.equal(sentenceOf(prompt(1)), '收款', 'what this terminal may not see is not said')
})

test('F27 P4-21 P4-29 an alarm by a phone’s word is a tone, and its sum is not spoken; in quiet hours it is shown; nothing shakes that was not asked to', () => {
  const alarm = (more: Partial<PromptView>) =>
    mannerOf(prompt(1, { class: 'contradicted', ...more }))
  assert.deepEqual(alarm({}), { tone: 'alarm', speaks: true })
  assert.deepEqual(alarm({ ways: ['text'], soft: true }), { tone: 'alarm', speaks: false })
  assert.deepEqual(alarm({ ways: ['text'] }), { speaks: false })
  const shakes = [400, 150, 400, 150, 400]
  assert.deepEqual(alarm({ ways: ['vibration'] }), { shakes, speaks: false })
})

test('P4-18 P4-29 what is unverified is heard softly and never spoken; what was received is spoken where it may be', () => {
  const seen = (more: Partial<PromptView>) => mannerOf(prompt(1, { class: 'seen', ...more }))
  assert.deepEqual(seen({ ways: ['text'], soft: true }), { tone: 'soft', speaks: false })
  assert.deepEqual(seen({ ways: ['text'] }), { speaks: false })
  assert.equal(seen({}).speaks, false)
  assert.deepEqual(mannerOf(prompt(1)), { tone: 'good', speaks: true })
  assert.deepEqual(mannerOf(prompt(1, { kind: 'refund', ways: ['text'] })), { speaks: false })
})

/** A browser's locks: one holds, the others wait in turns. */
function playedLocks(): Pick<LockManager, 'request'> {
  const waiting: (() => void)[] = []
  let held = false
  type Work = (lock: object | null) => unknown
  const run = async (work: Work) => {
    held = true
    const done = await work({})
    held = false
    waiting.shift()?.()
    return done
  }
  const request = (_: string, { ifAvailable }: LockOptions, work: Work) => {
    if (!held) return run(work)
    return ifAvailable ? work(null) : waiting.push(() => void run(work))
  }
  return { request } as unknown as LockManager
}

test('P4-21 of the tabs of one browser one speaks and the others show; when it is closed the next one speaks', async () => {
  const heard: string[] = []
  const locks = playedLocks()
  const turn = (tab: string) =>
    askForTurn('zone', (now: Turn) => heard.push(`${tab} ${now}`), locks)
  const settled = () => new Promise(setImmediate)
  const tabs = [turn('first'), turn('second'), turn('closed'), turn('third')]
  await settled()
  const shown = ['first mine', 'second another', 'closed another', 'third another']
  assert.deepEqual(heard, shown)
  tabs[2]!()
  tabs[0]!()
  await settled()
  assert.deepEqual(heard, [...shown, 'second mine'])
  tabs[1]!()
  await settled()
  assert.deepEqual(heard.at(-1), 'third mine')
})

test('P4-24 what somebody confirmed stands as confirmed when the page is opened again', () => {
  const line = { notice: 'ntc_7', kind: 'payment', state: 'checked' } as const
  const flags = { late: false, weak: false, contradicted: false, rehearsal: false, filtered: [] }
  const board = withChecked(empty, [{ ...line, ...flags }])
  assert.deepEqual([...board.checked], ['ntc_7'])
})
