/** Chance that a seed repeats: mulberry32, and a hash where the place must say what is drawn. */
import { hash } from 'node:crypto'

export type Dice = Readonly<{
  /** A whole number below `sides`. */
  below(sides: number): number
  /** True once in so many times. */
  once(inSoMany: number): boolean
  of<T>(things: readonly T[]): T
}>

export function diceOf(seed: number): Dice {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (sides: number) => Math.floor(next() * sides)
  return {
    below,
    once: inSoMany => below(inSoMany) === 0,
    of: things => things[below(things.length)]!,
  }
}

/** The same dice for the same words, whoever throws them. */
export const diceFor = (...words: readonly (string | number)[]): Dice =>
  diceOf(hash('sha256', words.join('/'), 'buffer').readUInt32BE())

/** A UUID that these words mean for ever. */
export function idFor(...words: readonly (string | number)[]): string {
  const hex = hash('sha256', words.join('/'))
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const newSeed = (): number => Math.floor(Math.random() * 2 ** 32)
