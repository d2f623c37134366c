/** The nameless wallet's front door: orders and refunds over the signed line. README.md has the calls. */
import { toWire } from '@bursar/money'
import { payerNumber } from './doors.ts'
import { money, text, Unclear, type Said } from './wire.ts'
import type { PlayedWallet } from './wallet.ts'

export const signedDoor = (wallet: PlayedWallet) => ({
  'order.create': (said: Said) => create(wallet, said),
  'order.query': (said: Said) => query(wallet, said),
  'order.close': (said: Said) => close(wallet, said),
  'refund.make': (said: Said) => refund(wallet, said),
  'refund.query': (said: Said) => refundOf(wallet, said),
})

const orderOf = (wallet: PlayedWallet, said: Said) => wallet.find('wallet', text(said, 'order'))

function create(wallet: PlayedWallet, said: Said): Said {
  const amount = money(said, 'amount')
  const [order, account, subject] = [
    text(said, 'order'),
    text(said, 'account'),
    text(said, 'subject'),
  ]
  const [expiresAt, returnUrl] = [text(said, 'expiresAt'), text(said, 'returnUrl')]
  if (amount.minor <= 0n) return { refused: 'amount_not_positive' }
  if (!/^https?:\/\//.test(returnUrl)) throw new Unclear('returnUrl')
  const made = wallet.open({ order, account, ...amount, subject, expiresAt, returnUrl })
  return made ? { payUrl: wallet.pageOf(made) } : { refused: 'order_number_used' }
}

function query(wallet: PlayedWallet, said: Said): Said {
  const order = orderOf(wallet, said)
  if (!order) return { state: 'unknown' }
  const payer = order.payer && payerNumber(order.payer)
  return { state: wallet.stateOf(order), amount: toWire(order), tradeNo: order.tradeNo, payer }
}

function close(wallet: PlayedWallet, said: Said): Said {
  const order = orderOf(wallet, said)
  return { state: order ? wallet.close(order) : 'closed' }
}

function refund(wallet: PlayedWallet, said: Said): Said {
  const [order, name, amount] = [orderOf(wallet, said), text(said, 'refund'), money(said, 'amount')]
  const became = wallet.refund(order, name, amount)
  return became === 'done' || became === 'done_before' ? { state: 'done' } : { refused: became }
}

function refundOf(wallet: PlayedWallet, said: Said): Said {
  const [order, known] = [text(said, 'order'), wallet.refundOf(text(said, 'refund'))]
  return { state: known?.order === order ? 'done' : 'none' }
}
