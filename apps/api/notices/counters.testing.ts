/** A counter over a real connection, its owner, its main, and who took up an invitation: for tests. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Permission, PromptView } from '@bursar/contract'
import { newId, type MerchantId } from '@bursar/kernel'
import { openFollower } from '@bursar/notices'
import { pay, useShops } from '../custody/testing.ts'
import type { Client, TestApi } from '../testing.ts'

export const at = (merchant: MerchantId) => `/v1/notices/merchants/${merchant}`
export const all: Permission = {
  fields: ['amount', 'payer', 'payee', 'platform', 'order', 'way', 'time', 'outlet', 'grade'],
  actions: ['receive', 'check', 'look_up', 'totals', 'ask_refund', 'mute'],
}
export const phone = { id: 'n-1', source: 'phone', platform: 'alipay', orders: ['2026113022001'] }
export const settings = {
  name: '前台',
  threshold: 'A',
  patience: 60,
  lateSpoken: false,
  open: true,
}
export const ok = (answer: Awaited<ReturnType<Client['get']>>, status = 200) => {
  assert.equal(answer.statusCode, status, answer.body)
  return answer.json()
}

export async function useCounters() {
  const { api, shop, member } = await useShops()

  /** A shop with a counter and a main. */
  async function counter() {
    const { id: merchant } = await shop()
    const owner = await api.as('owner', { merchant })
    await openFollower(api.books).round()
    ok(await owner.put(`${at(merchant)}/counters/${newId('ctr')}`, settings))
    const made = { name: '老板的手机', ways: ['text', 'voice'], language: 'zh-CN', speaks: true }
    const main = newId('trm')
    const path = `${at(merchant)}/terminals/${main}`
    const { secret } = ok(await owner.put(path, { kind: 'main', ...made, permission: all }))
    const agent = { headers: { 'terminal-secret': secret as string } }
    const paid = async (yuan: string) => {
      const { who, purse } = await member(merchant, yuan)
      const answer = ok(await pay(who, purse, merchant, yuan), 201)
      await openFollower(api.books).round()
      return answer as { id: string }
    }
    return { merchant, owner, main, agent, paid }
  }

  /** The time that a terminal was given is over by now. */
  const over = (terminal: string) => api.books.sql`
    update notices.terminal
    set permission = permission || jsonb_build_object('until', now() - interval '1 second')
    where id = ${terminal}`

  /** Somebody who took up the owner's invitation. */
  async function sub(
    { merchant, owner }: Awaited<ReturnType<typeof counter>>,
    permission: Permission = all,
    person?: Client,
  ) {
    const invited = ok(
      await owner.post(`${at(merchant)}/invitations`, { name: '小李', permission }),
      201,
    )
    const who = person ?? (await api.as('consumer'))
    const { id } = ok(await who.post('/v1/notices/invitations/accept', { code: invited.code }))
    return {
      who,
      id: id as string,
      code: invited.code as string,
      of: `/v1/notices/terminals/${id}`,
    }
  }

  const stream = (path: string, headers: Record<string, string>) => streamOf(api, path, headers)
  return { api, member, counter, sub, over, stream }
}

/** What a stream has told so far. */
async function streamOf(api: TestApi, path: string, headers: Record<string, string>) {
  if (!api.app.server.listening) await api.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = api.app.server.address() as AddressInfo
  const wanted = { accept: 'text/event-stream', ...headers }
  const asked = get({ host: '127.0.0.1', port, path: `${path}/stream`, headers: wanted })
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  let [text, ended] = ['', false]
  answer.setEncoding('utf8').on('data', (part: string) => void (text += part))
  answer.once('close', () => (ended = true))
  const prompts = () =>
    [...text.matchAll(/event: prompt\nid: \d+\ndata: (.*)\n\n/g)].map(
      ([, data]) => JSON.parse(data!) as PromptView,
    )
  const until = async (what: () => boolean) => {
    for (let left = 500; !what(); left--) {
      assert.ok(left > 0, `within ten seconds, of ${text}`)
      await sleep(20)
    }
  }
  return {
    ...{ status: answer.statusCode, prompts, until, close: () => asked.destroy() },
    text: () => text,
    ended: () => ended,
  }
}
