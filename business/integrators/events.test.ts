import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerSpend, refund } from '@bursar/custody'
import { newId, type MerchantId } from '@bursar/kernel'
import { cny } from '@bursar/money'
import { request } from '@bursar/settlement'
import { endEndpoint, makeEndpoint } from './endpoints.ts'
import { forgetEvents, listEvents, ping, readEvent, replayEvent, replaySpan } from './events.ts'
import { closeOrder } from './orders.ts'
import { readBooks } from './reader.ts'
import { useShop, vault } from './testing.ts'

const { town, shop, listen, order, pay } = useShop()
const typesOf = async (merchant: MerchantId) =>
  (await listEvents(town.books, { merchant })).map(({ type }) => type).toSorted()
const read = () => readBooks(town.books)

test('P5-19 what happens to a merchant’s money is told once, and to nobody who does not listen', async () => {
  const [mine, deaf] = [await shop(), await shop()]
  await listen(mine.merchant)
  const { merchantCode, id, reference } = await order(mine.merchant, { reference: 'C-7' })
  const { id: spent } = await pay(mine, '12.00', { merchantCode })
  await pay(deaf, '5.00')
  const back = { id: newId('rfd'), spend: spent, amount: cny('1.00'), reason: '少一杯' }
  await refund(town.books, { ...back, by: mine.person })
  assert.ok((await read()) > 0)
  await read()
  assert.deepEqual(await typesOf(mine.merchant), ['order.paid', 'spend.done', 'spend.refunded'])
  assert.deepEqual(await typesOf(deaf.merchant), [])
  const [told] = await listEvents(town.books, { merchant: mine.merchant, type: 'order.paid' })
  const { data, timestamp } = JSON.parse(told!.body)
  assert.deepEqual(data, {
    ...{ order: id, reference, subject: '龙井一壶', spend: spent },
    amount: { amount: '12.00', currency: 'CNY' },
  })
  assert.equal(timestamp, told!.at.toISOString())
  assert.deepEqual(
    told!.deliveries.map(({ state, tries }) => [state, tries]),
    [['waiting', 0]],
  )
})

test('P5-19 P5-22 a shop’s program is told the purse of its own member, and of a guest with the issuer’s card that he paid', async () => {
  const card = await town.issuer()
  const [mine, guest] = [await shop(), await town.member(card, '100.00')]
  await listen(mine.merchant)
  const [own, other] = [await pay(mine, '1.00'), await pay({ ...mine, ...guest }, '2.00')]
  await read()
  const told = (await listEvents(town.books, { merchant: mine.merchant })).map(
    ({ body }) => JSON.parse(body).data,
  )
  const purses = new Map(told.map(({ spend, purse }) => [spend, purse]))
  assert.deepEqual([purses.get(own.id), purses.get(other.id)], [mine.purse, undefined])
  assert.equal(told.length, 2)
})

test('P5-19 two readers at once, and one that is killed before it has written, tell nothing twice and leave nothing out', async () => {
  const mine = await shop()
  await listen(mine.merchant)
  const spends = await Promise.all(Array.from({ length: 20 }, () => pay(mine, '1.00')))
  const { books } = town
  const dying = {
    ...books,
    write: ((work: (tx: object) => Promise<unknown>) =>
      books.write(async tx => {
        await work(tx)
        throw new Error('killed')
      })) as typeof books.write,
  }
  await assert.rejects(readBooks(dying), /killed/)
  assert.deepEqual(await typesOf(mine.merchant), [])
  await Promise.all([read(), read(), read()])
  await read()
  const told = await listEvents(town.books, { merchant: mine.merchant, limit: 100 })
  assert.deepEqual(
    told.map(({ subject }) => subject).toSorted(),
    spends.map(({ id }) => id).toSorted(),
  )
})

test('P5-19 while spends go on and readers read, each is told once', async () => {
  const mine = await shop()
  await listen(mine.merchant)
  const spent: string[] = []
  for (let i = 0; i < 12; i++) {
    const [{ id }] = await Promise.all([pay(mine, '1.00'), read(), read()])
    spent.push(id)
    if (i % 3 === 0) await read()
  }
  await read()
  const told = await listEvents(town.books, { merchant: mine.merchant, limit: 100 })
  assert.deepEqual(told.map(({ subject }) => subject).toSorted(), spent.toSorted())
})

test('P1-06 P5-19 where the merchant confirms, waiting, accepted and declined are told, and a declined order is closed', async () => {
  const mine = await shop('100.00', { confirms: true })
  await listen(mine.merchant)
  const { merchantCode } = await order(mine.merchant)
  const [kept, lost] = [await pay(mine, '3.00'), await pay(mine, '12.00', { merchantCode })]
  await answerSpend(town.books, { spend: kept.id, by: mine.person, step: 'accept' })
  await answerSpend(town.books, { spend: lost.id, by: mine.person, step: 'decline' })
  await read()
  assert.deepEqual(await typesOf(mine.merchant), [
    ...['order.closed', 'spend.declined', 'spend.done', 'spend.waiting', 'spend.waiting'],
  ])
})

test('P5-19 an order that nobody paid is told as closed, in the transaction that closes it', async () => {
  const { merchant } = await shop()
  await listen(merchant)
  const { id } = await order(merchant)
  await closeOrder(town.books, { id })
  await closeOrder(town.books, { id })
  const [told, ...more] = await listEvents(town.books, { merchant })
  assert.deepEqual([JSON.parse(told!.body).data.reason, more], ['shop', []])
})

test('P5-19 an endpoint hears what it asked for; a ping goes to one', async () => {
  const mine = await shop()
  const [all, paid] = [
    await listen(mine.merchant),
    await listen(mine.merchant, undefined, ['order.paid']),
  ]
  await pay(mine, '1.00')
  await read()
  const [done] = await listEvents(town.books, { merchant: mine.merchant })
  assert.deepEqual(
    done!.deliveries.map(({ endpoint }) => endpoint),
    [all.endpoint.id],
  )
  const { merchant } = mine
  const test = await ping(town.books, { merchant, endpoint: paid.endpoint.id })
  assert.deepEqual(
    test.deliveries.map(({ endpoint }) => endpoint),
    [paid.endpoint.id],
  )
  await endEndpoint(town.books, { merchant, endpoint: paid.endpoint.id })
  await assert.rejects(ping(town.books, { merchant, endpoint: paid.endpoint.id }), {
    code: 'endpoint_not_live',
  })
  const other = await shop()
  await assert.rejects(ping(town.books, { merchant: other.merchant, endpoint: all.endpoint.id }), {
    code: 'endpoint_not_live',
  })
})

test('P5-19 the log is searched and filtered, and what was told is sent again: one, or a span', async () => {
  const mine = await shop()
  const { merchant } = mine
  const { endpoint } = await listen(merchant)
  const { merchantCode } = await order(merchant, { reference: 'D-42' })
  await pay(mine, '12.00', { merchantCode })
  await read()
  const found = await listEvents(town.books, { merchant, q: 'D-42' })
  assert.equal(found.length, 2)
  assert.equal((await listEvents(town.books, { merchant, q: 'D%42' })).length, 0)
  assert.equal((await listEvents(town.books, { merchant, state: 'failed' })).length, 0)
  const ofIt = { merchant, endpoint: endpoint.id, state: 'waiting', limit: 1 } as const
  const [first] = await listEvents(town.books, ofIt)
  const [second] = await listEvents(town.books, { ...ofIt, cursor: first!.id })
  assert.equal(new Set([first!.id, second!.id, ...found.map(({ id }) => id)]).size, 2)

  await town.books.sql`update integrators.delivery set state = 'failed', tries = 10, sent = 10`
  assert.equal(await replayEvent(town.books, { merchant, event: first!.id }), 1)
  const { event } = await readEvent(town.books, { merchant, event: first!.id })
  assert.deepEqual([event.deliveries[0]!.state, event.deliveries[0]!.tries], ['waiting', 0])
  const span = {
    merchant,
    endpoint: endpoint.id,
    from: new Date(0),
    to: new Date(Date.now() + 1e6),
  }
  assert.equal(await replaySpan(town.books, span), 2)
  assert.equal(await replaySpan(town.books, { ...span, to: span.from }), 0)
  const other = await shop()
  await assert.rejects(replayEvent(town.books, { merchant: other.merchant, event: first!.id }), {
    code: 'no_such_event',
  })
  await assert.rejects(replaySpan(town.books, { ...span, merchant: other.merchant }), {
    code: 'endpoint_not_live',
  })
})

test('P5-19 a payout that was paid is told, and one that bounced is told once', async () => {
  const mine = await shop()
  await listen(mine.merchant)
  await pay(mine, '20.00')
  const { merchant } = mine
  const id = newId('stl')
  await request(town.books, { id, merchant, by: mine.person, amount: cny('20.00') })
  await town.books.write(async tx => {
    for (const event of ['payout_paid', 'payout_bounced', 'payout_bounced'])
      tx.append(town.book, { kind: 'memo', id: crypto.randomUUID(), event, subject: id })
  })
  await read()
  assert.deepEqual(await typesOf(merchant), ['settlement.bounced', 'settlement.paid', 'spend.done'])
})

test('P5-19 after 90 days an event is forgotten, with its deliveries', async () => {
  const mine = await shop()
  await listen(mine.merchant)
  await pay(mine, '1.00')
  await read()
  const days = (count: number) => new Date(Date.now() + count * 24 * 3_600_000)
  await forgetEvents(town.books, days(89))
  assert.deepEqual(await typesOf(mine.merchant), ['spend.done'])
  assert.ok((await forgetEvents(town.books, days(91))) > 0)
  assert.deepEqual(await typesOf(mine.merchant), [])
})

test('P5-19 an address that the courier does not take is refused, and ten endpoints are the most', async () => {
  const { merchant, person: by } = await shop()
  const refusing = { takes: () => false, send: async () => ({}) }
  const ask = { merchant, url: 'http://10.0.0.1/', events: ['spend.done'], by } as const
  await assert.rejects(makeEndpoint(town.books, { courier: refusing, vault }, ask), {
    code: 'url_not_allowed',
  })
  const made = await Promise.allSettled(Array.from({ length: 12 }, () => listen(merchant)))
  assert.equal(made.filter(({ status }) => status === 'fulfilled').length, 10)
})
