/** Carries a call out and answers it, but for what a fault spoils: the same on every line. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import { faultsOfCalls, type Faults, type Party } from './faults.ts'
import type { Timers } from './timers.ts'

type Answer = Readonly<{ body: Buffer; headers: Record<string, string> }>

export async function answerCall(
  { faults, timers }: Readonly<{ faults: Faults; timers: Timers }>,
  { party, call }: Readonly<{ party: Party; call: string }>,
  reply: FastifyReply,
  carryOut: () => Answer,
): Promise<unknown> {
  const fault = faults.take(party, faultsOfCalls, call)
  if (fault?.fault === 'silence') return void reply.hijack()
  if (fault?.fault === 'late') {
    reply.hijack()
    return timers.at(Date.now() + fault.ms, () => void carryOut())
  }
  if (fault?.fault === 'delay') await sleep(fault.ms)
  if (fault?.fault === 'html')
    return reply
      .code(502)
      .type('text/html')
      .send('<html><body><h1>502 Bad Gateway</h1></body></html>')
  const { body, headers } = carryOut()
  if (fault?.fault === 'lost_answer') {
    reply.hijack()
    return void reply.raw.socket?.destroy()
  }
  return reply.headers(headers).send(body)
}
