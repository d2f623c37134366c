/**
 * POST /v1/gateways/<name>/notify: what platforms and the bank tell us, the bytes as they came, because a signature covers no others.
 * A forged notice is answered 401, changes nothing, and is a security event in the log.
 */
import { creditReceived, receiveNotice, type Wallet } from '@bursar/custody'
import { Refusal, type Books } from '@bursar/kernel'
import { bankAnswered } from '@bursar/settlement'
import type { Bank } from '@bursar/settlement/bank'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiOptions } from './options.ts'
import type { Refused } from './refusals.ts'

type Notified = FastifyRequest<{ Params: { name: string } }>
type Told = Readonly<{ headers: FastifyRequest['headers']; rawBody: Buffer }>
type Heard = Wallet['success'] & Readonly<{ outcome: string }>
type Ear = (told: Told) => Promise<Heard>

/** What happens every day; any other outcome is looked at by a person. */
const usual: ReadonlySet<string> = new Set([
  'credit',
  'repeated',
  'told_before',
  'closed',
  'paid_out',
  'taken',
  'known',
])

export async function gatewayRoutes(
  app: FastifyInstance,
  { books, wallets, bank }: ApiOptions,
): Promise<void> {
  const ears = new Map<string, Ear>([
    ...wallets.map(wallet => hearWallet(books, wallet)),
    [bank.gateway, told => hearBank(books, bank, told)],
  ])
  await app.register(async inner => {
    inner.removeAllContentTypeParsers()
    const raw = { parseAs: 'buffer', bodyLimit: 65_536 } as const
    inner.addContentTypeParser('*', raw, (_, body, done) => done(null, body))
    inner.post('/v1/gateways/:name/notify', async (request: Notified, reply) => {
      const { name } = request.params
      const ear = ears.get(name)
      if (!ear) throw new Refusal<Refused>('not_found')
      const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const heard = await listen(ear, request, rawBody)
      const about = { gateway: name, outcome: heard.outcome }
      if (usual.has(heard.outcome)) request.log.info(about, 'told')
      else request.log.warn(about, 'told something unexpected')
      return reply.code(heard.status).type(heard.type).serializer(String).send(heard.body)
    })
  })
}

const hearWallet = (books: Books, wallet: Wallet): [string, Ear] => [
  wallet.gateway,
  told => receiveNotice(books, wallet, told),
]

async function hearBank(books: Books, bank: Bank, { headers, rawBody }: Told): Promise<Heard> {
  const notice = await bank.verify(headers, rawBody)
  if (notice.kind !== 'credit')
    return { ...bank.success, outcome: await bankAnswered(books, bank, { notice, rawBody }) }
  const { id: event, account, amount, payer, payerAccount, reference, at } = notice
  const { gateway } = bank
  const by = { payer, ...(payerAccount && { payerAccount }), reference, at }
  const credit = { gateway, event, body: rawBody, account, amount, ...by }
  return { ...bank.success, outcome: await creditReceived(books, credit) }
}

async function listen(ear: Ear, request: Notified, rawBody: Buffer): Promise<Heard> {
  try {
    return await ear({ headers: request.headers, rawBody })
  } catch (error) {
    if (error instanceof Refusal && error.code === 'bad_signature') {
      const { name: gateway } = request.params
      const about = {
        security: 'forged_notice',
        gateway,
        reason: error.facts['reason'],
        ip: request.ip,
      }
      request.log.warn(about, 'a notice that nobody we know has signed')
    }
    throw error
  }
}
