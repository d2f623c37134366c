/** Account numbers at banks: how much of one is shown, and which can be told to be mistyped. */

/** Its end, by which its owner knows it. */
export const masked = (account: string): string => `•••• ${account.slice(-4)}`

/**
 * A number of 16 to 19 digits that begins with 62 is a UnionPay card's, and its last digit is a check digit (ISO/IEC
 * 7812-1). Of any other account only the bank knows whether it is one.
 */
export const isPlausible = (account: string): boolean =>
  !/^62[0-9]{14,17}$/.test(account) || sumOf(account) % 10 === 0

/** Every second digit from the right counts twice, and of a double its digits are added. */
function sumOf(account: string): number {
  return [...account]
    .toReversed()
    .map(Number)
    .reduce((sum, digit, place) => {
      const counted = place % 2 ? digit * 2 : digit
      return sum + (counted > 9 ? counted - 9 : counted)
    }, 0)
}
