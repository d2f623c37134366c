/** Words to look for in a list: `%` and `_` mean themselves. */
export const containing = (q: string | undefined): string | null =>
  q ? `%${q.replace(/[\\%_]/g, letter => `\\${letter}`)}%` : null
