/**
 * What is remembered, bounded, in two generations. What is used moves to the young one; when that is half of what is
 * allowed, it becomes the old one and the old one is forgotten. A look-up costs one look-up: moving an entry to the end
 * of one map at every use took a tenth of the appender's time.
 */
export type Generation<Key, Value> = Readonly<{
  size: number
  get(key: Key): Value | undefined
  set(key: Key, value: Value): unknown
}>

export class Generations<Key, Value, Of extends Generation<Key, Value>> {
  readonly #half: number
  readonly #born: () => Of
  protected young: Of
  protected old: Of

  /** `most` is how many are remembered at most. */
  constructor(most: number, born: () => Of) {
    this.#half = Math.max(1, Math.ceil(most / 2))
    this.#born = born
    this.young = born()
    this.old = born()
  }

  get(key: Key): Value | undefined {
    const value = this.young.get(key)
    if (value !== undefined) return value
    const older = this.old.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: Key, value: Value): void {
    this.young.set(key, value)
    if (this.young.size <= this.#half) return
    this.old = this.young
    this.young = this.#born()
  }

  clear(): void {
    this.young = this.#born()
    this.old = this.#born()
  }
}
