/** Whether a port is free, asked before anything else is started. */
import net from 'node:net'
import { Hindrance } from '@bursar/database'

export async function freePort(port: number, host: string): Promise<void> {
  const code = await tried(port, host)
  if (code === undefined) return
  const other = `Choose another: npm start -- --port ${port < 65000 ? port + 10 : 8080}.`
  if (code === 'EADDRINUSE') throw new Hindrance(`Port ${port} is taken. ${other}`)
  if (code === 'EACCES') throw new Hindrance(`Port ${port} is for the system alone. ${other}`)
  throw new Hindrance(`Port ${port} on ${host} cannot be used (${code}). ${other}`)
}

/** The first free one from here on. */
export async function freeFrom(port: number, host: string): Promise<number> {
  for (let at = port; at < Math.min(port + 50, 65536); at++)
    if ((await tried(at, host)) === undefined) return at
  throw new Hindrance(`No port from ${port} to ${port + 49} is free.`)
}

function tried(port: number, host: string): Promise<string | undefined> {
  return new Promise(resolve => {
    const server = net.createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
