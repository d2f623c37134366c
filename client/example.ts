/** A whole small web shop: it asks for money, hears that it came, and gives it back. */
import { NotSigned, verifyWebhook, type Client } from './client.ts'

type Cart = Readonly<{ reference: string; subject: string; yuan: string }>

export function openTeaShop(bursar: Client, secretOf: () => string) {
  const [shipped, heard] = [new Set<string>(), new Set<string>()]

  /** Two clicks on the button are one order, because the key is the cart's own. */
  async function checkOut({ reference, subject, yuan }: Cart) {
    const amount = { amount: yuan, currency: 'CNY' }
    const key = `cart-${reference}`
    const returnUrl = `https://tea.example/orders/${reference}`
    return await bursar.createOrder({ amount, subject, reference, returnUrl }, { key })
  }

  /** What the shop's server answers to a webhook: 2xx once it is safe, and quickly. */
  async function hear(headers: Record<string, string>, body: string): Promise<number> {
    try {
      const { id, event } = await verifyWebhook({ secret: secretOf(), headers, body })
      // At least once means sometimes twice.
      if (!heard.has(id) && event.type === 'order.paid') shipped.add(event.data.reference)
      heard.add(id)
      return 204
    } catch (error) {
      if (error instanceof NotSigned) return 400
      throw error
    }
  }

  async function giveBack(reference: string, reason: string) {
    const { rows } = await bursar.listOrders({ reference, state: 'paid' })
    const [paid] = rows
    if (!paid?.spend) throw new Error(`${reference} is not paid`)
    return await bursar.refundSpend(
      paid.spend,
      { amount: paid.amount, reason },
      { key: `refund-${paid.id}` },
    )
  }
  return { checkOut, hear, giveBack, shipped }
}
