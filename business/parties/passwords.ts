/**
 * Passwords are kept as argon2id with OWASP's least cost (19 MiB, two passes, one lane). A hash costs
 * about 30 ms of a core, so two run at once and twenty may wait: two hundred wrong tries a second must
 * not stand in the way of a spend. Whoever comes after them is told that we are busy.
 */
import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto'
import { promisify } from 'node:util'
import { Refusal } from '@bursar/kernel'
import { commonPasswords } from './common-passwords.ts'
import type { Refused } from './refusal.ts'

const cost = { memory: 19 * 1024, passes: 2, parallelism: 1, tagLength: 32 } as const
const atOnce = 2
const mayWait = 20

const derive: (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer> =
  promisify(argon2)
const waiting: (() => void)[] = []
let running = 0

/** Refuses what is easily guessed. No rules of composition: they only make passwords alike. */
export function checkPassword(password: string, field = 'password'): void {
  const length = [...password].length
  if (length < 8) throw new Refusal<Refused>('password_too_short', { field, least: 8 })
  if (length > 128) throw new Refusal<Refused>('password_too_long', { field, most: 128 })
  const plain = password.toLowerCase()
  if (commonPasswords.has(plain) || /^(.)\1+$/.test(plain))
    throw new Refusal<Refused>('password_too_common', { field })
}

/** In PHC notation, so that the cost can rise without a change of the table. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await gated(() => derive('argon2id', { ...cost, nonce, message: normal(password) }))
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(nonce)}$${text(tag)}`
}

/** Takes the same time whether or not there is anything to compare with. */
export async function samePassword(password: string, kept: string | null): Promise<boolean> {
  const { nonce, tag, ...parameters } = read(kept ?? nobody)
  const said = await gated(() =>
    derive('argon2id', { ...parameters, nonce, tagLength: tag.length, message: normal(password) }),
  )
  return timingSafeEqual(said, tag) && kept !== null
}

/** A hash of something that nobody knows. */
const nobody = `$argon2id$v=19$m=${cost.memory},t=2,p=1$${text(randomBytes(16))}$${text(randomBytes(32))}`

function read(kept: string) {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(kept)
  if (!parts) throw new Error('A kept password is not in PHC notation')
  const [memory, passes, parallelism] = parts.slice(1, 4).map(Number) as [number, number, number]
  const [nonce, tag] = [Buffer.from(parts[4]!, 'base64'), Buffer.from(parts[5]!, 'base64')]
  return { memory, passes, parallelism, nonce, tag }
}

/** The same letters typed on another keyboard are the same password. */
const normal = (password: string): string => password.normalize('NFKC')

function text(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}

async function gated<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= mayWait) throw new Refusal<Refused>('busy', { retryAfter: 2 })
    await new Promise<void>(go => waiting.push(go))
  } else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
