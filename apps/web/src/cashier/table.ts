/** Where this phone last sat, so that it finds back from the wallet, the purse and the tab. */
type Table = Readonly<{
  place: string
  name: string
  token: string
  merchant: string
  /** From which one orders there. */
  purse?: string
}>

const stored = 'bursar.table'

export const sitAt = (table: Table): void => localStorage.setItem(stored, JSON.stringify(table))

/** `where` is a merchant, a place or a purse: only what is there is told. */
export function tableAt(where: string | undefined): Table | undefined {
  const text = localStorage.getItem(stored)
  const table = text ? (JSON.parse(text) as Table) : undefined
  return table && [table.merchant, table.place, table.purse].includes(where) ? table : undefined
}
