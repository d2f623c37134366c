/** The words after a command. */
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'

/** A word that the command does not know is said with those that it knows, and ends it: nothing has begun yet. */
export function optionsOf<T extends ParseArgsOptionsConfig>(options: T) {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    const [sentence] = (error as Error).message.split('. ')
    const known = Object.keys(options).map(name => `--${name}`)
    console.error(`${sentence}. There are: ${known.join(', ')}.`)
    return process.exit(1)
  }
}
