import { Generations } from './generations.ts'

/** A bounded map: what was used last is remembered. */
export class Recent<Key, Value> extends Generations<Key, Value, Map<Key, Value>> {
  constructor(most: number) {
    super(most, () => new Map())
  }

  delete(key: Key): void {
    this.young.delete(key)
    this.old.delete(key)
  }
}
