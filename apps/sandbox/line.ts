/** Where the operator calls: POST /wallet and POST /bank, each call named in its signed body. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PlayedBank } from './bank.ts'
import { faultsOfCalls, type Faults, type Party } from './faults.ts'
import type { Timers } from './timers.ts'
import type { PlayedWallet } from './wallet.ts'
import { seal, text, Unclear, unseal, type KeyPair, type Said } from './wire.ts'

type Parts = Readonly<{
  faults: Faults
  timers: Timers
  operator: Pick<KeyPair, 'id' | 'publicKey'>
  own: Readonly<Record<Party, KeyPair>>
  wallet: PlayedWallet
  bank: PlayedBank
}>
type Calls = Readonly<Record<string, (said: Said) => Said>>

export function bindLine(
  server: FastifyInstance,
  { faults, timers, operator, own, wallet, bank }: Parts,
): void {
  const calls: Readonly<Record<Party, Calls>> = {
    wallet: {
      'order.create': wallet.create,
      'order.query': wallet.query,
      'order.close': wallet.close,
      'refund.make': wallet.refund,
      'refund.query': wallet.refundOf,
    },
    bank: {
      'payment.make': bank.make,
      'payment.query': bank.query,
      'payment.close': bank.close,
      'credit.return': bank.giveBack,
      'return.query': bank.returnOf,
      'account.balance': bank.balance,
      'account.statement': bank.statement,
    },
  }

  async function answer(
    party: Party,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<unknown> {
    const heard = unseal(operator, request.headers, request.body as Buffer)
    if (!heard) return reply.code(401).send({ refused: 'bad_signature' })
    const call = String(heard.said.call)
    const fault = faults.take(party, faultsOfCalls, call)
    if (fault?.fault === 'silence') return void reply.hijack()
    if (fault?.fault === 'late') {
      reply.hijack()
      return timers.at(Date.now() + fault.ms, () => void perform(calls[party], call, heard.said))
    }
    if (fault?.fault === 'delay') await sleep(fault.ms)
    if (fault?.fault === 'html')
      return reply
        .code(502)
        .type('text/html')
        .send('<html><body><h1>502 Bad Gateway</h1></body></html>')
    const said = Buffer.from(JSON.stringify(perform(calls[party], call, heard.said)))
    if (fault?.fault === 'lost_answer') {
      reply.hijack()
      return void request.raw.socket.destroy()
    }
    return reply.headers(seal(own[party], said, heard.nonce)).send(said)
  }

  for (const party of ['wallet', 'bank'] as const)
    server.post(`/${party}`, (request, reply) => answer(party, request, reply))
}

function perform(calls: Calls, call: string, said: Said): Said {
  const one = Object.hasOwn(calls, call) ? calls[call] : undefined
  if (!one) return { refused: 'unknown_call' }
  try {
    text(said, 'account')
    return one(said)
  } catch (error) {
    if (error instanceof Unclear) return { refused: `unclear_${error.message}` }
    throw error
  }
}
