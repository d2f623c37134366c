/** Where a prompt comes out: ALSA, a serial line, a lamp, something that shakes. */
import { spawn } from 'node:child_process'
import { appendFile } from 'node:fs/promises'
import type { Output } from './speaker.ts'

/** A loudspeaker: what is spoken, else the tone. */
export const toSpeaker =
  (device = 'default'): Output =>
  async ({ sound, tone }) => {
    const heard = sound ?? tone
    if (heard) await played(heard, device)
  }

/** By ALSA's own player; ends when it has been heard. */
const played = (sound: Buffer, device: string) =>
  new Promise<void>((done, failed) => {
    const player = spawn('aplay', ['-q', '-D', device, '-t', 'wav', '-'], {
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    let said = ''
    player.stderr.on('data', text => (said += String(text)))
    player.on('error', failed)
    player.on('close', code =>
      code === 0 ? done() : failed(new Error(`aplay: ${said.trim().slice(0, 200)}`)),
    )
    player.stdin.on('error', () => undefined)
    player.stdin.end(sound)
  })

/** A serial line, Bluetooth's serial profile (/dev/rfcomm0) or a file: one line a prompt. */
export const toLine =
  (path: string): Output =>
  ({ text }) =>
    appendFile(path, `${text}\n`)

/** Amber for what is unverified, green for received, red for money that goes back and for sums that differ. */
export const toLamp =
  (path: string): Output =>
  async ({ prompt }) => {
    const isRed = prompt.kind !== 'payment' || prompt.class === 'contradicted'
    const colour = isRed ? 'red' : prompt.class === 'seen' ? 'amber' : 'green'
    if (prompt.class !== 'checked') await appendFile(path, `${colour}\n`)
  }

/** Milliseconds on, off, on …: once for unverified, twice for received, long for what goes back. */
export const toMotor =
  (path: string): Output =>
  async ({ prompt }) => {
    if (!prompt.ways.includes('vibration')) return
    const isBack = prompt.kind !== 'payment' || prompt.class === 'contradicted'
    await appendFile(
      path,
      isBack ? '800 200 800\n' : prompt.class === 'seen' ? '150\n' : '200 100 200\n',
    )
  }
