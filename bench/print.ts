/** Figures for a reader, and for a program. */
import type { Figures } from './load.ts'

export type Result = Readonly<{ name: string; callers: number }> & Figures

export function table(results: readonly Result[]): string {
  const rows = [
    ['', 'callers', 'per second', 'p50 ms', 'p99 ms'],
    ...results.map(one => [
      one.name,
      one.callers.toLocaleString('en'),
      one.perSecond.toLocaleString('en'),
      one.p50ms.toFixed(1),
      one.p99ms.toFixed(1),
    ]),
  ]
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map(row => row[i]!.length)))
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  ')
  return rows.map(line).join('\n')
}
