/** The built web app. It is built at install; a start builds it again only when its sources changed. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/** The folder to serve, or undefined when there is none to be had: the API works without it. */
export async function webApp(
  checkout: string,
  say: (line: string) => void,
): Promise<string | undefined> {
  const tool = path.join(checkout, 'tools/web.mjs')
  await new Promise<void>(resolve => {
    const build = spawn(process.execPath, [tool], { stdio: ['ignore', 'pipe', 'inherit'] })
    build.stdout.on('data', (text: Buffer) => say(text.toString().trimEnd()))
    build.once('error', () => resolve()).once('exit', () => resolve())
  })
  const built = path.join(checkout, 'apps/web/dist')
  return existsSync(path.join(built, 'index.html')) ? built : undefined
}
