/**
 * Bursar's start: first whatever can be in its way, then all of Bursar, which takes five times as long to
 * load. Started in this order, stopped in the other.
 */
import { lookAround, type Stops } from './ground.ts'
import type { Bursar } from './house.ts'
import type { Words } from './words.ts'

export async function startBursar(
  words: Words,
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<Bursar> {
  const started: Stops = []
  const stop = async () => {
    for (const one of started.splice(0).reverse()) await one()
  }
  try {
    const found = await lookAround(words, environment, started)
    const { standUp } = await import('./house.ts')
    return await standUp({ ...found, words, environment, say }, started, stop)
  } catch (error) {
    await stop()
    throw error
  }
}
