/** The port: who carries a signed message to an address. Fulfilled by gateways/webhooks. */
export type Message = Readonly<{
  url: string
  /** The same each time that it is sent. */
  id: string
  at: Date
  body: string
  /** Every one of these signs. */
  secrets: readonly string[]
}>
/** What came back: a status, or why there was none. */
export type Answer = Readonly<{ status?: number; error?: CourierError; answer?: string }>
export type CourierError =
  | 'timed_out'
  | 'not_reached'
  | 'private_address'
  | 'address_not_allowed'
  | 'secret_lost'

export type Courier = Readonly<{
  /** Whether such an address may be written down at all. What it resolves to is looked at when it is called. */
  takes(url: string): boolean
  /** Never throws: what goes wrong is an answer. */
  send(message: Message): Promise<Answer>
}>
