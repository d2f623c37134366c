/** GET and POST /control, from this machine alone: what goes wrong next, and what happens now. */
import { cny, type Money } from '@bursar/money'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { PlayedBank } from './bank.ts'
import { spoilBill } from './bill-spoils.ts'
import type { Courier } from './courier.ts'
import { isFault, type Fault, type Faults } from './faults.ts'
import type { BankPayer } from './returns.ts'
import type { PlayedWallet } from './wallet.ts'
import type { PlayedWechat } from './wechat/play.ts'
import type { World } from './world.ts'

type Parts = Readonly<{
  faults: Faults
  wallet: PlayedWallet
  bank: PlayedBank
  courier: Courier
  /** Somebody pays straight into our account. */
  credit(amount: Money, payer: BankPayer, reference: string): void
  wechat: PlayedWechat | undefined
  world: World
}>
type Wish = Partial<Fault> & {
  do?:
    | 'pay'
    | 'bounce'
    | 'reopen'
    | 'credit'
    | 'clear'
    | 'change_certificate'
    | 'pad_bill'
    | 'refund'
    | 'spoil_bill'
  order?: string
  refund?: string
  to?: 'merchant'
  amount?: string
  payer?: string
  reference?: string
  payout?: string
  late?: boolean
  day?: string
  rows?: number
  spoil?: string
}

export function bindControl(server: FastifyInstance, parts: Parts): void {
  const { faults, wallet, bank, courier, credit, wechat, world } = parts
  const state = () => ({ faults: faults.armed(), notices: courier.waiting() })

  server.get('/control', (request, reply) => (here(request) ? state() : reply.code(404).send()))
  server.post('/control', async (request, reply) => {
    if (!here(request)) return reply.code(404).send()
    // A page in a browser on this machine cannot say so without being asked first.
    const json = request.headers['content-type'] === 'application/json'
    const wish = json ? wishOf(request.body as Buffer) : undefined
    if (!wish) return reply.code(400).send({ refused: 'unclear' })
    const { do: act, order = '', payout = '', late = false, on, fault } = wish
    if (act === 'clear') faults.clear()
    else if (act === 'pay') return { done: wallet.pay(order, 'somebody', late) }
    else if (act === 'bounce') bank.bounce(payout, 'returned_by_payee_bank')
    else if (act === 'reopen') bank.reopen(payout)
    else if (act === 'change_certificate') return { serial: await wechat?.changeCertificate() }
    else if (act === 'refund')
      return { done: wechat?.handleRefund(wish.refund ?? '', wish.to === 'merchant') }
    else if (act === 'pad_bill') wechat?.padBill(wish.day ?? '', wish.rows ?? 0)
    else if (act === 'spoil_bill' && spoilBill(world, wish.day ?? '', order, wish.spoil ?? ''))
      return state()
    else if (act === 'credit')
      credit(cny(wish.amount ?? '1.00'), strangerOf(wish), wish.reference ?? 'transfer')
    else if (on && fault && isFault(fault)) faults.arm({ ...wish, on, fault })
    else return reply.code(400).send({ refused: 'unclear' })
    return state()
  })
}

const strangerOf = ({ payer: name = 'somebody' }: Wish): BankPayer => ({
  name,
  account: '6217000000005678',
})

const here = (request: FastifyRequest) => /^(::ffff:)?127\.|^::1$/.test(request.ip)

function wishOf(body: Buffer | undefined): Wish | undefined {
  try {
    return JSON.parse(String(body)) as Wish
  } catch {
    return undefined
  }
}
