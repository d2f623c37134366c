/** The played WeChat Pay, put together: its calls, its pages, and what `/control` does to it. */
import type { FastifyInstance } from 'fastify'
import type { Faults } from '../faults.ts'
import { openBills } from './bill.ts'
import type { Certificates } from './certificates.ts'
import { bindWechatDoors } from './pages.ts'
import { bindWechat } from './line.ts'
import { handle, resume, type RefundDesk } from './refunds.ts'

export type PlayedWechat = Readonly<{
  /** Signs with a new certificate from now on, and shows both. Answers its serial number. */
  changeCertificate(): Promise<string>
  /** Shows the newest alone. */
  dropCertificates(): void
  /** So many payments are in the bill of this day besides: of nobody's, unless told how their numbers begin. */
  padBill(day: string, rows: number, of?: string): void
  /** The merchant sees to an abnormal refund: to its payer after all, or back to itself. */
  handleRefund(refund: string, toMerchant: boolean): boolean
}>
type Parts = RefundDesk &
  Readonly<{
    pages: FastifyInstance
    calls: FastifyInstance
    faults: Faults
    certificates: Certificates
  }>

export function playWechat({ pages, calls, ...desk }: Parts): PlayedWechat {
  const bills = openBills(desk.world, desk.keys)
  bindWechat(calls, { ...desk, bills })
  bindWechatDoors(pages, calls, desk)
  resume(desk)
  return {
    changeCertificate: desk.certificates.change,
    dropCertificates: desk.certificates.drop,
    padBill: bills.pad,
    handleRefund: (refund, toMerchant) => handle(desk, refund, toMerchant),
  }
}
