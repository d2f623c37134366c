/** HTTP from as many connections as wanted, each with one request under way, at little cost to the machine. */
import { connect, type Socket } from 'node:net'

export type Answer = Readonly<{ status: number; head: string; body: string }>
export type Ask = Readonly<{
  path: string
  headers?: Readonly<Record<string, string>>
  body: object
}>

/** HTTP/1.1 kept alive; understands answers with a content-length, which is all that servers send here. */
export class Connection {
  readonly #socket: Socket
  readonly #host: string
  #got: Buffer = Buffer.alloc(0)
  #waits: PromiseWithResolvers<Answer> | undefined

  constructor(port: number) {
    this.#host = `localhost:${port}`
    this.#socket = connect(port, '127.0.0.1').setNoDelay(true)
    this.#socket.on('data', (piece: Buffer) => this.#take(piece))
    this.#socket.on('error', error => this.#waits?.reject(error))
    this.#socket.on('close', () => this.#waits?.reject(new Error('The server hung up')))
  }

  post({ path, headers = {}, body }: Ask): Promise<Answer> {
    const text = JSON.stringify(body)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    this.#waits = Promise.withResolvers()
    this.#socket.write(
      `POST ${path} HTTP/1.1\r\nhost: ${this.#host}\r\ncontent-type: application/json\r\n` +
        `content-length: ${Buffer.byteLength(text)}\r\n${lines.join('')}\r\n${text}`,
    )
    return this.#waits.promise
  }

  close(): void {
    this.#waits = undefined
    this.#socket.destroy()
  }

  #take(piece: Buffer): void {
    this.#got = this.#got.length === 0 ? piece : Buffer.concat([this.#got, piece])
    const end = this.#got.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#got.toString('latin1', 0, end)
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
    const whole = end + 4 + length
    if (this.#got.length < whole) return
    const body = this.#got.toString('utf8', end + 4, whole)
    this.#got = this.#got.subarray(whole)
    this.#waits?.resolve({ status: Number(head.slice(9, 12)), head, body })
  }
}
