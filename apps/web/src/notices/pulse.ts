/** What a heartbeat says of the line beside it: a line that nobody cuts stands open for minutes after its network has gone. */
import type { Line } from './line.ts'

type Pulse = Readonly<{
  /** How far the stream is; undefined where no answer came. */
  beat(stream: string | undefined): void
  look(): void
}>

export function pulseOf(
  line: () => Pick<Line, 'again'> | undefined,
  place: () => string | undefined,
): Pulse {
  let behind = 0
  const look = () => {
    behind = 0
    line()?.again()
  }
  return {
    look,
    beat(stream) {
      // It is opened again, and says so if it is not.
      if (stream === undefined) return look()
      behind = BigInt(stream) > BigInt(place() ?? stream) ? behind + 1 : 0
      // Twice in a row the stream is farther than we are, though the line seems open: it is not.
      if (behind > 1) look()
    },
  }
}
