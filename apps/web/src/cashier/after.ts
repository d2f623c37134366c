/** Where somebody was who went to bind an account: back there it goes on. */

const placeOf = (purse: string) => `bursar.bind.${purse}`

export const comeBackTo = (purse: string, path: string): void =>
  sessionStorage.setItem(placeOf(purse), path)

/** Once: who binds another time stays with the bindings. */
export function after(purse: string): string | undefined {
  const path = sessionStorage.getItem(placeOf(purse)) ?? undefined
  sessionStorage.removeItem(placeOf(purse))
  return path
}
