/** The naive ledger of ledger/, and what it does not know: ids that come again, entries that are linked. */
import { isDeepStrictEqual } from 'node:util'
import { Model, type Asked } from '@bursar/ledger/simulation'

export class Naive {
  readonly model = new Model()

  /** The refusal's code; `again` where it stands already; undefined, and it stands now. */
  say(drafts: readonly Asked[], at: number): string | undefined {
    const before = this.before(drafts)
    if (before) return before
    const { accepted } = this.model
    const end = accepted.length
    for (const draft of drafts) {
      const code = this.model.say(draft, at)
      if (code === undefined) continue
      accepted.length = end
      return code
    }
    return undefined
  }

  /** What it would say, without saying it. */
  would(drafts: readonly Asked[], at: number): string | undefined {
    const end = this.model.accepted.length
    const code = this.say(drafts, at)
    this.model.accepted.length = end
    return code
  }

  private before(drafts: readonly Asked[]): string | undefined {
    const known = drafts.map(
      ({ id }) => this.model.accepted.find(({ draft }) => draft.id === id)?.draft,
    )
    if (known.every(draft => draft === undefined)) return undefined
    return known.every((draft, place) => draft && meansTheSame(draft, drafts[place]!))
      ? 'again'
      : 'id_already_used'
  }
}

/** An id is compared by everything but a pend's expiry and the limits that an account is opened with. */
function meansTheSame(one: Asked, other: Asked): boolean {
  const said = (draft: Asked) => {
    const { expiresAt: _e, ...rest } = draft as Record<string, unknown>
    const { floor: _f, ceiling: _c, ...opened } = rest
    return draft.kind === 'open' ? opened : rest
  }
  return isDeepStrictEqual(said(one), said(other))
}
