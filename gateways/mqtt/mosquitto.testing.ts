/** A real Mosquitto for tests, where it is on the machine. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Mosquitto with a password and an access list, as contract/devices.md tells; undefined where it is not installed. */
export async function startMosquitto(device: string, secret: string) {
  if (spawnSync('mosquitto', ['-h']).error) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'))
  chmodSync(folder, 0o755)
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o644 })
    return join(folder, name)
  }
  const passwords = file('passwords', `${device}:${secret}\nserver:secret\n`)
  spawnSync('mosquitto_passwd', ['-U', passwords])
  chmodSync(passwords, 0o644)
  const rules =
    'user server\ntopic readwrite bursar/#\npattern read bursar/%u/prompt\npattern read bursar/%u/ended\npattern write bursar/%u/hello\npattern write bursar/%u/heartbeat\npattern write bursar/%u/offline\n'
  const settings = [
    `listener ${port} 127.0.0.1`,
    'allow_anonymous false',
    `password_file ${passwords}`,
    `acl_file ${file('rules', rules)}`,
  ]
  const child = spawn('mosquitto', ['-c', file('settings', settings.join('\n'))], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  for await (const line of child.stderr) if (String(line).includes('running')) break
  return {
    port,
    url: `mqtt://server:secret@127.0.0.1:${port}`,
    async stop() {
      child.kill()
      if (child.exitCode === null) await once(child, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}
