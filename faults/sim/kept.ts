/** Command lists that once failed, shortened: kept for ever in seeds.json, and run by every `npm test`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Ask } from './draw.ts'

export type Kept = Readonly<{
  seed: number
  /** With how many callers; 0 for the rules alone. */
  callers: number
  says: string
  asks: readonly Ask[]
}>

const file = fileURLToPath(new URL('../seeds.json', import.meta.url))

/** Whole numbers of any size as text with an n behind them; times as they are written. */
const write = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)
function read(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (name === 'expiresAt') return new Date(value)
  return /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value
}

export const said = (asks: readonly Ask[]): string[] => asks.map(ask => JSON.stringify(ask, write))
export const readKept = (text = readFileSync(file, 'utf8')): Kept[] => JSON.parse(text, read)
export const writtenKept = (all: readonly Kept[]): string => `${JSON.stringify(all, write, 2)}\n`
export const keep = (one: Kept): void => writeFileSync(file, writtenKept([...readKept(), one]))
