/** A merchant's own server, over real HTTP: it keeps what it was sent, and answers as it is told. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before } from 'node:test'
import { text } from 'node:stream/consumers'

export type Heard = Readonly<{ path: string; headers: Record<string, string>; body: string }>
type Reply = (reply: ServerResponse, heard: Heard) => void

export function useReceiver() {
  const heard: Heard[] = []
  const replies = new Map<string, Reply>()
  const server = createServer((request, reply) => void answer(request, reply))
  async function answer(request: IncomingMessage, reply: ServerResponse) {
    const path = request.url!
    const headers = request.headers as Record<string, string>
    const one = { path, headers, body: await text(request) }
    heard.push(one)
    const said = replies.get(path)
    if (said) said(reply, one)
    else reply.writeHead(204).end()
  }
  before(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    /** All that came to this path. */
    at: (path: string) => heard.filter(one => one.path === path),
    url: (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    says: (path: string, reply: Reply) => void replies.set(path, reply),
    status: (path: string, status: number) =>
      void replies.set(path, reply => void reply.writeHead(status).end('so it is')),
  }
}
