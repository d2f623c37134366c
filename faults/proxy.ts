/**
 * Between the ledger and PostgreSQL: sees each commit that PostgreSQL has made and not yet been heard to
 * have made, and decides its fate.
 *
 *   pass     the answer goes through
 *   dropped  it does not, and the connection ends
 *   half     half of it does
 *   late     nothing comes for a while; then the connection ends
 *   unsent   what the ledger asks next is not passed on, and the connection ends: nothing was done
 */
import net from 'node:net'

export type Fate = 'pass' | 'dropped' | 'half' | 'late' | 'unsent'
export type Proxy = Readonly<{
  port: number
  /** How often each fate has struck. */
  struck: Record<Exclude<Fate, 'pass'>, number>
  close(): Promise<void>
}>

const lateness = 300

export async function startProxy(to: number, fateOf: () => Fate): Promise<Proxy> {
  const struck = { dropped: 0, half: 0, late: 0, unsent: 0 }
  const open = new Set<net.Socket>()
  const server = net.createServer(client => {
    const database = net.connect(to, '127.0.0.1').setNoDelay(true)
    client.setNoDelay(true)
    for (const socket of [client, database]) {
      open.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        database.destroy()
      })
    }
    let unsent = false
    client.on('data', bytes => {
      if (!unsent) return database.write(bytes)
      struck.unsent++
      return client.destroy()
    })
    const acknowledgement = (bytes: Buffer): void => {
      const fate = fateOf()
      unsent = fate === 'unsent'
      if (fate === 'pass' || unsent) return void client.write(bytes)
      struck[fate]++
      if (fate === 'half') client.end(bytes.subarray(0, bytes.length >> 1))
      if (fate === 'late') setTimeout(() => client.destroy(), lateness)
      if (fate === 'dropped') client.destroy()
    }
    database.on(
      'data',
      commits(acknowledgement, bytes => void client.write(bytes)),
    )
  })
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as net.AddressInfo
  const close = async () => {
    const closed = new Promise(done => server.close(done))
    for (const socket of open) socket.destroy()
    await closed
  }
  return { port, struck, close }
}

/**
 * Takes PostgreSQL's messages apart. A commit is acknowledged by "ready for query, in no transaction",
 * after an append that answered `appended` or a COMMIT: from there on the bytes are held together.
 */
function commits(acknowledgement: (bytes: Buffer) => void, others: (bytes: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0)
  let held: Buffer[] = []
  return (bytes: Buffer): void => {
    rest = rest.length ? Buffer.concat([rest, bytes]) : bytes
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      const message = rest.subarray(0, rest.readUInt32BE(1) + 1)
      rest = rest.subarray(message.length)
      const type = String.fromCharCode(message[0]!)
      const commits =
        (type === 'D' && message.includes('appended')) ||
        (type === 'C' && message.includes('COMMIT'))
      if (!commits && held.length === 0) others(message)
      else held.push(message)
      if (type !== 'Z' || held.length === 0) continue
      const whole = Buffer.concat(held)
      held = []
      if (message[5] === idle) acknowledgement(whole)
      else others(whole)
    }
  }
}

const idle = 'I'.charCodeAt(0)

/** The same address behind the proxy. */
export function behind(url: string, port: number): string {
  const other = new URL(url)
  other.port = String(port)
  return other.href
}
