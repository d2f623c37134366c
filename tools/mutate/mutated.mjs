/** What node --import loads before a test: one file comes with the mutant in it. On disk nothing changes. */
import { registerHooks } from 'node:module'

const { url, start, end, text } = JSON.parse(process.env.MUTANT)

registerHooks({
  load(asked, context, next) {
    const found = next(asked, context)
    if (asked !== url) return found
    const source = found.source.toString()
    return { ...found, source: source.slice(0, start) + text + source.slice(end) }
  },
})
