/** Today's list on a screen: what the server lets it look up, else what came since it was opened. */
import {
  lookUpToday,
  readTotals,
  type PromptView,
  type ReplyOf,
  type TerminalView,
} from '@bursar/contract'
import { useRead } from '../app/read.ts'
import { minor, turned } from '../app/sums.ts'
import { isTaken, type LineState } from './line.ts'
import type { Board } from './queue.ts'

export type Line = ReplyOf<typeof lookUpToday>['rows'][number]
type Action = TerminalView['permission']['actions'][number]

export const may = (terminal: TerminalView, action: Action): boolean =>
  terminal.permission.actions.includes(action)

/** Money that goes has its own sign. */
export const signed = <M extends Line['amount']>(of: { kind: Line['kind']; amount?: M }) =>
  of.amount && of.kind !== 'payment' && minor(of.amount) > 0n ? turned(of.amount) : of.amount

/** To have looked at it makes no money of what is unverified. */
export const stateOf = (prompt: PromptView, checked: ReadonlySet<string>): Line['state'] =>
  prompt.class === 'seen' ? 'seen' : checked.has(prompt.notice) ? 'checked' : 'received'

/** What stands large and nobody has checked yet, for who may. */
export const uncheckedOf = (terminal: TerminalView, { shown, checked }: Board) =>
  shown && may(terminal, 'check') && !checked.has(shown.notice) ? shown : undefined

/** What somebody has confirmed stays confirmed when the page is opened again: the server knows it. */
export function withChecked(board: Board, rows: readonly Line[] | undefined): Board {
  const known = rows?.filter(({ state }) => state === 'checked').map(({ notice }) => notice) ?? []
  return { ...board, checked: new Set([...board.checked, ...known]) }
}

function lineOf(prompt: PromptView, board: Board): Line {
  const { seq: _, ways: __, language: ___, told: ____, class: _____, ...rest } = prompt
  const contradicted = board.disputed.has(prompt.notice)
  const state = stateOf(prompt, board.checked)
  return { ...rest, state, weak: false, contradicted, filtered: [] }
}

export function useToday(terminal: TerminalView, board: Board, line: LineState) {
  const ask = { params: { terminal: terminal.id } }
  const looks = may(terminal, 'look_up')
  const taken = isTaken(line)
  const read = useRead(
    lookUpToday,
    { ...ask, query: { limit: 100 } },
    { every: 60_000, when: looks && !taken, keep: true },
  )
  const totals = useRead(readTotals, ask, {
    every: 60_000,
    when: may(terminal, 'totals') && !taken,
    keep: true,
  })
  const rows = looks ? read.data?.rows : board.list.map(one => lineOf(one, board))
  return { rows, totals: totals.data?.rows, looks }
}
