/** What can be said of an account number before anybody is asked: digits, 8 to 34 of them (contract/settlement.residues.ts). */
export type Mistake = Readonly<{ is: 'notDigits' }> | Readonly<{ is: 'length'; count: number }>

/** As it is sent: an input method of Chinese types digits of full width. */
export const plain = (text: string): string => text.normalize('NFKC').trim()

/** Nothing is wrong with what is empty yet. While it is typed, too few are no mistake. */
export function mistakeIn(text: string, typing = false): Mistake | undefined {
  const account = plain(text)
  if (!account) return undefined
  if (!/^[0-9](?:[ -]?[0-9])*[ -]?$/.test(account)) return { is: 'notDigits' }
  const count = account.replaceAll(/[ -]/g, '').length
  if (count > 34 || (count < 8 && !typing)) return { is: 'length', count }
  return account.endsWith('-') && !typing ? { is: 'notDigits' } : undefined
}
