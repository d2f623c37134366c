/**
 * What /openapi.json says to merchants' programs is run as it stands there: every operation that an API key opens,
 * with the example of its body, by a key of exactly the scope that it names.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { webhookEvents } from '@bursar/contract'
import { readBooks, listEvents } from '@bursar/integrators'
import type { Scope } from '@bursar/kernel'
import { pay, useShops, wish } from '../custody/testing.ts'
import { flawsOfReply } from '../validation.ts'

const shops = await useShops()
const { api } = shops

type Operation = Readonly<{
  operationId: string
  security: Record<string, string[]>[]
  requestBody?: { content: Record<string, { example?: object }> }
  responses: Record<string, object>
}>

/** A shop with an order, a spend and an event, each by its name in the path. */
async function things() {
  const mine = await shops.shop()
  const boss = await api.as('owner', { merchant: mine.id })
  const at = `/v1/integrators/merchants/${mine.id}/endpoints`
  const events = ['spend.done', 'order.paid']
  const url = 'https://shop.example/hook'
  const made = await boss.post(at, { url, events })
  const { who, purse } = await shops.member(mine.id, '20.00')
  const spend = (await pay(who, purse, mine.id, '12.00')).json().id
  await readBooks(api.books)
  const [event] = await listEvents(api.books, { merchant: mine.id })
  assert.equal(made.statusCode, 201)
  return { merchant: mine.id, spend, event: event!.id, owner: boss.person }
}

test('P1-25 every example of the description runs, with a key of the scope that it names', async () => {
  const { paths, components, webhooks } = (await api.guest.get('/openapi.json')).json()
  assert.deepEqual(components.securitySchemes.apiKey.scheme, 'bearer')
  assert.deepEqual(Object.keys(webhooks), Object.keys(webhookEvents))
  const { owner, ...there } = await things()
  const ran: string[] = []
  let order = ''
  const described = Object.entries(paths as Record<string, Record<string, Operation>>)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, one]) => ({ path, method, ...one })),
    )
    .filter(({ security }) => security?.some(one => 'apiKey' in one))
    // What is created first can be read and closed after.
    .toSorted((a, b) => rank(a.method) - rank(b.method))
  for (const { path, method, operationId, security, requestBody, responses } of described) {
    const [scope] = security.find(one => 'apiKey' in one)!['apiKey'] as [Scope]
    const program = await api.program(there.merchant, owner, [scope])
    const names: Record<string, string> = { ...there, order }
    const url = path.replace(/\{(\w+)\}/g, (_, name: string) => names[name]!)
    const example = requestBody?.content['application/json']!.example
    assert.equal(example !== undefined, method === 'post', `${operationId} has an example`)
    const { key } = wish()
    const headers = method === 'post' ? { 'idempotency-key': key } : {}
    const payload = example && { payload: example }
    // What a key did is asked for where it was sent.
    const lookUp = operationId.startsWith('outcomeOf')
    if (lookUp) continue
    const answer = await program.send({ method: method as 'GET', url, headers, ...payload })
    assert.ok(String(answer.statusCode) in responses, `${operationId}: ${answer.body}`)
    assert.ok(answer.statusCode < 300, `${operationId}: ${answer.body}`)
    if (operationId === 'createOrder') order = answer.json().id
    ran.push(operationId)
  }
  assert.deepEqual(ran.toSorted(), [
    ...['closeOrder', 'createOrder', 'listEvents', 'listOrders', 'listSpends', 'readEvent'],
    ...['readOrder', 'readSpend', 'refundSpend'],
  ])
})

const rank = (method: string) => ['post', 'get', 'delete'].indexOf(method)

test('P5-19 what is told is what the contract says, type by type', async () => {
  const { merchant } = await things()
  for (const { type, body } of await listEvents(api.books, { merchant }))
    assert.deepEqual(flawsOfReply(webhookEvents[type], JSON.parse(body)), [], type)
})
