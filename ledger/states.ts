/**
 * The states of accounts, each as ten numbers in one long array. What is remembered is large, and every entry changes
 * two states of it: as objects they outlived the collections of garbage and were copied by them (99th percentile at
 * 384 callers 45 to 52 ms); numbers are not looked at (34 ms in the same minutes).
 *
 * Bounded as everything that is remembered (generations.ts).
 */
import { Generations } from './generations.ts'
import type { Held } from './overlay.ts'
import type { Account } from './types.ts'

/** In this order: number, last, before, nth, posted, out, in, floor, ceiling, state. */
const width = 10
const fewest = 64
/** Stands for null: no seq, floor or ceiling of the ledger is as low. */
const none = -(2n ** 63n)

class Numbers {
  readonly #places = new Map<Account, number>()
  #numbers = new BigInt64Array(fewest * width)

  get size(): number {
    return this.#places.size
  }

  get(ref: Account): Held | undefined {
    const place = this.#places.get(ref)
    if (place === undefined) return undefined
    const n = this.#numbers
    const before = n[place + 2]!
    const floor = n[place + 7]!
    const ceiling = n[place + 8]!
    return {
      number: n[place]!,
      ref,
      last: n[place + 1]!,
      before: before === none ? null : before,
      nth: n[place + 3]!,
      posted: n[place + 4]!,
      out: n[place + 5]!,
      in: n[place + 6]!,
      floor: floor === none ? null : floor,
      ceiling: ceiling === none ? null : ceiling,
      state: Number(n[place + 9]!),
    }
  }

  set(ref: Account, held: Held): void {
    const place = this.#places.get(ref) ?? this.#placeFor(ref)
    const n = this.#numbers
    n[place] = held.number
    n[place + 1] = held.last
    n[place + 2] = held.before ?? none
    n[place + 3] = held.nth
    n[place + 4] = held.posted
    n[place + 5] = held.out
    n[place + 6] = held.in
    n[place + 7] = held.floor ?? none
    n[place + 8] = held.ceiling ?? none
    n[place + 9] = BigInt(held.state)
  }

  #placeFor(ref: Account): number {
    const place = this.#places.size * width
    this.#places.set(ref, place)
    if (place < this.#numbers.length) return place
    const longer = new BigInt64Array(2 * place)
    longer.set(this.#numbers)
    this.#numbers = longer
    return place
  }
}

export class States extends Generations<Account, Held, Numbers> {
  constructor(most: number) {
    super(most, () => new Numbers())
  }
}
