/** The built web app. It is built at install; a start builds it again only when its sources changed. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

export type Web = Readonly<{
  /** The folder to serve, or undefined when there is none to be had: the API works without it. */
  folder: Promise<string | undefined>
  stop(): Promise<void>
}>

export function webApp(checkout: string, say: (line: string) => void): Web {
  const tool = path.join(checkout, 'tools/web.mjs')
  const build = spawn(process.execPath, [tool], { stdio: ['ignore', 'pipe', 'inherit'] })
  build.stdout.on('data', (text: Buffer) => say(text.toString().trimEnd()))
  const ended = new Promise<void>(resolve => {
    build.once('error', () => resolve()).once('close', () => resolve())
  })
  const built = path.join(checkout, 'apps/web/dist')
  const folder = ended.then(() => (existsSync(path.join(built, 'index.html')) ? built : undefined))
  const stop = async () => {
    build.kill()
    await ended
  }
  return { folder, stop }
}
