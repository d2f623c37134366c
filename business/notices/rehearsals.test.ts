import assert from 'node:assert/strict'
import { test } from 'node:test'
import { homeZone, newId, type MerchantId, type PersonId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { countersOf, putCounter } from './counters.ts'
import { healthOf, notBack, silentMains, silentOf } from './health.ts'
import { beat, gone, promptsFor } from './prompts.ts'
import { forgetEchoes, missedHours, rehearse, rehearseDue } from './rehearsals.ts'
import { makeTerminal, readTerminal } from './terminals.ts'
import { useCounters } from './testing.ts'
import { actions, fields } from './words.ts'

const { town, counter } = useCounters()
const seconds = (count: number, from = new Date()) => new Date(from.getTime() + count * 1000)

async function device(merchant: MerchantId, by: PersonId, name: string, more: object = {}) {
  const open = {
    from: null,
    to: null,
    outlets: null,
    tills: null,
    hours: null,
    until: null,
    ...more,
  }
  const { terminal } = await makeTerminal(town.books, {
    ...{ id: newId('trm'), merchant, by, kind: 'device', name, zone: null, speaks: true },
    ...{ ways: ['text', 'voice'], language: 'zh-CN', permission: { fields, actions, ...open } },
  })
  return terminal.id
}
const hourOf = (at: Date) =>
  Number(
    new Intl.DateTimeFormat('en', {
      hour: 'numeric',
      hourCycle: 'h23',
      timeZone: homeZone,
    }).format(at),
  )
const alarmsAt = async (merchant: MerchantId, now: Date) =>
  (await healthOf(town.books, merchant, now)).alarms
    .filter(({ terminal }) => terminal)
    .map(({ code, terminal }) => [code, terminal])

test('P4-26 P4-28 a device whose last will was said is silent at once, for the board, the counter and the log, and is back with its next beat', async () => {
  const merchant = await counter()
  const { person: by } = await town.member(merchant, '1.00')
  const box = await device(merchant, by, '门口音箱')
  const now = new Date()
  await beat(town.books, { terminal: box, program: 'announcer 0.1.0', battery: 71, now })
  assert.deepEqual(await alarmsAt(merchant, now), [])
  const before = await silentMains(town.books, now)
  await gone(town.books, box, seconds(1, now))
  assert.deepEqual(await alarmsAt(merchant, seconds(1, now)), [['device_silent', box]])
  assert.deepEqual(await silentOf(town.books, merchant, seconds(1, now)), [
    { name: '门口音箱', kind: 'device', since: seconds(1, now) },
  ])
  assert.equal(await silentMains(town.books, seconds(1, now)), before + 1)
  await beat(town.books, { terminal: box, now: seconds(2, now) })
  assert.deepEqual(await alarmsAt(merchant, seconds(2, now)), [])
  const [row] = (await healthOf(town.books, merchant, now)).rows
  assert.deepEqual(
    [row?.program, row?.battery, row?.goneAt, row?.shownAt],
    ['announcer 0.1.0', 71, null, null],
  )
})

test('P4-I5 a rehearsal is back from each device when it has it; one that beats and was not told is an alarm after a minute', async () => {
  const merchant = await counter()
  const { person: by } = await town.member(merchant, '1.00')
  const [good, deaf] = [await device(merchant, by, '音箱'), await device(merchant, by, '灯')]
  const now = new Date()
  for (const terminal of [good, deaf]) await beat(town.books, { terminal, now })
  const { seq } = await rehearse(town.books, { merchant, amount: cny('0.01'), now })
  await beat(town.books, { terminal: good, acked: seq, now: seconds(2, now) })
  const later = seconds(70, now)
  // Said again later, it was back when it was first back.
  await beat(town.books, { terminal: good, acked: seq, now: later })
  await beat(town.books, { terminal: deaf, now: later })
  const { rehearsal } = await healthOf(town.books, merchant, later)
  assert.deepEqual(
    rehearsal?.echoes.map(({ name, backAt }) => [name, backAt]),
    [
      ['灯', null],
      ['音箱', seconds(2, now)],
    ],
  )
  assert.deepEqual(await alarmsAt(merchant, later), [['rehearsal_not_back', deaf]])
  assert.deepEqual(await alarmsAt(merchant, seconds(30, now)), [])
  const lost = await notBack(town.books, later)
  await gone(town.books, deaf, later)
  assert.equal(await notBack(town.books, later), lost - 1, 'one that is away is silent, not deaf')
  await assert.rejects(
    town.books.sql`update notices.echo set back_at = now() where back_at is not null`,
    /what_came_back_stays|was back/,
  )
})

test('P4-I5 at the hours that the owner chose the counter is rehearsed by itself, once, however many workers there are', async () => {
  const merchant = await counter()
  const [one] = await countersOf(town.books.sql, merchant)
  const now = new Date()
  await putCounter(town.books, { ...one!, rehearse: [hourOf(now)] })
  const rehearsals = () => town.books.sql<{ due: Date }>`
    select due from notices.rehearsal where merchant = ${merchant} order by due`
  await Promise.all([rehearseDue(town.books, now), rehearseDue(town.books, now)])
  await rehearseDue(town.books, seconds(30, now))
  assert.equal((await rehearsals()).length, 1)
  assert.equal((await healthOf(town.books, merchant, now)).rehearsal?.counterName, '前台')
  await rehearseDue(town.books, seconds(3600, now))
  assert.equal((await rehearsals()).length, 1)
  await rehearseDue(town.books, seconds(24 * 3600, now))
  assert.equal((await rehearsals()).length, 2)
})

test('who had which rehearsal is forgotten a month later, and not before', async () => {
  const merchant = await counter()
  const { person: by } = await town.member(merchant, '1.00')
  await device(merchant, by, '音箱')
  const now = new Date()
  const days = (count: number) => seconds(count * 24 * 3600, now)
  for (const at of [days(-40), now])
    await rehearse(town.books, { merchant, amount: cny('0.01'), now: at })
  const left = async () =>
    (
      await town.books.sql<{ at: Date }>`
        select r.at from notices.echo e join notices.rehearsal r on r.notice = e.notice
        where r.merchant = ${merchant}`
    ).map(({ at }) => at)
  assert.equal((await left()).length, 2)
  assert.equal(await forgetEchoes(town.books, now), 1)
  assert.deepEqual(await left(), [now])
  // Nor by a clock that is wrong.
  const early = forgetEchoes(town.books, days(60))
  await assert.rejects(early, { constraint: 'a_young_echo_is_kept' })
})

test('P4-I5 an hour at which nobody rehearsed is an alarm until somebody does, or the next one is; hours before it was asked for are none', async () => {
  const merchant = await counter()
  const [one] = await countersOf(town.books.sql, merchant)
  const begin = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000)
  const hours = (count: number, minutes = 0) => seconds(count * 3600 + minutes * 60, begin)
  const ask = { ...one!, rehearse: [hourOf(begin), hourOf(hours(2))] }
  await putCounter(town.books, { ...ask, at: hours(0, 1) })
  const alarms = async (now: Date) => {
    const { alarms: all } = await healthOf(town.books, merchant, now)
    const missed = all.flatMap(({ code, counter: name }) =>
      code === 'rehearsal_missed' ? [name] : [],
    )
    assert.equal((await missedHours(town.books.sql, now)).length, missed.length)
    return missed
  }
  assert.deepEqual(await alarms(hours(0, 30)), [], 'it was asked for after its hour')
  assert.deepEqual(await alarms(hours(2, 4)), [], 'it may be a little late')
  assert.deepEqual(await alarms(hours(2, 6)), ['前台'])
  assert.deepEqual(await alarms(hours(9)), ['前台'])
  await putCounter(town.books, { ...ask, name: '后厨', at: hours(9) })
  assert.deepEqual(await alarms(hours(9)), ['后厨'], 'other settings are no new hours')
  await rehearse(town.books, { merchant, now: hours(9, 1) })
  assert.deepEqual(await alarms(hours(10)), [], 'it was made up for by hand')
  assert.deepEqual(await alarms(hours(24, 6)), ['后厨'], 'and not for the next hour')
  await rehearseDue(town.books, hours(24, 7))
  assert.deepEqual(await alarms(hours(25)), [])
  assert.deepEqual(await alarms(hours(26, 6)), ['后厨'])
})

test('P4-I5 a rehearsal is in the merchant’s own money, and is heard where large sums alone are told', async () => {
  const merchant = await counter()
  const { person: by } = await town.member(merchant, '1.00')
  const limits = { from: cny('500.00'), to: { minor: 90_000n, currency: 'SGD' } }
  const box = await device(merchant, by, '大额', limits)
  await rehearse(town.books, { merchant })
  const { rehearsal } = await healthOf(town.books, merchant)
  assert.deepEqual(
    rehearsal?.echoes.map(({ terminal }) => terminal),
    [box],
  )
  const [told] = await promptsFor(town.books, await readTerminal(town.books.sql, box), {}).then(
    ({ rows }) => rows,
  )
  assert.deepEqual([told?.rehearsal, told?.amount], [true, cny('0.01')])
})
