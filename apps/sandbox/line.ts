/** Where the operator calls: POST /wallet and POST /bank, each call named in its signed body. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PlayedBank } from './bank.ts'
import { answerCall } from './answer-call.ts'
import type { Faults } from './faults.ts'
import { signedDoor } from './signed-door.ts'
import type { Timers } from './timers.ts'
import type { PlayedWallet } from './wallet.ts'
import { seal, text, Unclear, unseal, type KeyPair, type Said } from './wire.ts'

type Parts = Readonly<{
  faults: Faults
  timers: Timers
  operator: Pick<KeyPair, 'id' | 'publicKey'>
  own: Readonly<Record<Speaker, KeyPair>>
  wallet: PlayedWallet
  bank: PlayedBank
}>
/** Who speaks over the signed line. */
type Speaker = 'wallet' | 'bank'
type Calls = Readonly<Record<string, (said: Said) => Said>>

export function bindLine(
  server: FastifyInstance,
  { faults, timers, operator, own, wallet, bank }: Parts,
): void {
  const calls: Readonly<Record<Speaker, Calls>> = {
    wallet: signedDoor(wallet),
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

  async function answer(party: Speaker, request: FastifyRequest, reply: FastifyReply) {
    const heard = unseal(operator, request.headers, request.body as Buffer)
    if (!heard) return reply.code(401).send({ refused: 'bad_signature' })
    const call = String(heard.said.call)
    return answerCall({ faults, timers }, { party, call }, reply, () => {
      const no = faults.take(party, ['declined'], call)
      const said = no ? { refused: no.code ?? 'declined' } : perform(calls[party], call, heard.said)
      const body = Buffer.from(JSON.stringify(said))
      return { body, headers: seal(own[party], body, heard.nonce) }
    })
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
