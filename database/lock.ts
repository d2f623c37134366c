/**
 * One process per data folder. The lock is a listening socket in Linux's abstract namespace: the kernel
 * takes it back when the process ends, however it ends, so there is no stale lock to reason about.
 * Whoever connects to it is told the holder's process number.
 */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import { Hindrance } from './hindrance.ts'

export async function lockFolder(folder: string): Promise<() => void> {
  const hash = createHash('sha256').update(fs.realpathSync(folder)).digest('hex').slice(0, 32)
  const name = `\0bursar-${hash}`
  const server = net.createServer(socket => socket.on('error', () => {}).end(String(process.pid)))
  const taken = await new Promise<boolean>((resolve, reject) => {
    server.once('listening', () => resolve(false))
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(true) : reject(error),
    )
    server.listen(name)
  })
  if (taken)
    throw new Hindrance(`Bursar already runs on ${folder}, as process ${await holder(name)}.`)
  server.unref()
  return () => void server.close()
}

function holder(name: string): Promise<string> {
  return new Promise(resolve => {
    let told = ''
    net
      .connect(name)
      .on('data', text => (told += text.toString()))
      .on('error', () => resolve('unknown'))
      .on('close', () => resolve(told))
  })
}
