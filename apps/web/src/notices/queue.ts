/**
 * What a counter shows of what it hears. One receipt stands large; others wait their turn; what is late stands apart and
 * is never told as new; a contradiction is an alarm until somebody has looked at it.
 */
import type { PromptView } from '@bursar/contract'

export type Board = Readonly<{
  shown: PromptView | undefined
  /** How often it was told: R tells it again. */
  times: number
  queue: readonly PromptView[]
  alarms: readonly PromptView[]
  /** What came too late to be told as new: what was missed while the line was away. */
  late: readonly PromptView[]
  checked: ReadonlySet<string>
  /** Notices of which two sums were told. */
  disputed: ReadonlySet<string>
  /** What came while the page is open, newest first, a line per notice. */
  list: readonly PromptView[]
}>
/** More than a screen can show; who may look up today sees all of it. */
const most = 100
export type Act =
  | { do: 'hear'; prompt: PromptView; late: boolean }
  | { do: 'show'; prompt: PromptView }
  | { do: 'next' | 'again' | 'looked' | 'read' }
  | { do: 'checked'; notice: string }

export const empty: Board = {
  ...{ shown: undefined, times: 0, queue: [], alarms: [], late: [], list: [] },
  ...{ checked: new Set(), disputed: new Set() },
}

export function moved(board: Board, act: Act): Board {
  switch (act.do) {
    case 'hear':
      return heard(board, act.prompt, act.late)
    case 'show':
      // After a reload, too, it is an alarm.
      if (act.prompt.class === 'contradicted') return disputed(board, act.prompt)
      // What stood there before this page was opened: shown, and not told.
      return board.shown ? board : { ...board, shown: act.prompt }
    case 'next': {
      const [next, ...rest] = board.queue
      return next ? { ...board, shown: next, times: 1, queue: rest } : board
    }
    case 'again':
      return board.shown ? { ...board, times: board.times + 1 } : board
    case 'looked':
      return { ...board, alarms: board.alarms.slice(1) }
    case 'read':
      return { ...board, late: [] }
    case 'checked':
      return { ...board, checked: new Set([...board.checked, act.notice]) }
  }
}

/** The sum that somebody disputes is an alarm, and stands nowhere as received: not when somebody has looked, either. */
const disputed = (board: Board, prompt: PromptView): Board => ({
  ...board,
  alarms: [...board.alarms, prompt],
  disputed: new Set([...board.disputed, prompt.notice]),
})

function heard(was: Board, prompt: PromptView, late: boolean): Board {
  if (prompt.class === 'checked') return moved(was, { do: 'checked', notice: prompt.notice })
  if (prompt.class === 'contradicted') return disputed(was, prompt)
  const others = was.list.filter(({ notice }) => notice !== prompt.notice)
  const board = { ...was, list: [prompt, ...others].slice(0, most) }
  if (late) return { ...board, late: [...board.late, prompt] }
  // It was waiting as unverified, and is verified before its turn came: told once, as received.
  const waiting = board.queue.findIndex(one => one.notice === prompt.notice)
  if (waiting >= 0) return { ...board, queue: board.queue.with(waiting, prompt) }
  return { ...board, queue: [...board.queue, prompt] }
}
