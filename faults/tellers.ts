/** Tellers as their parent sees them, and what they said, which survives them. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Task } from './teller.ts'

/** What a caller was told of one wish. */
export type Told = Readonly<{ seqs: readonly bigint[] } | { code: string; definite: boolean }>

export class Teller {
  readonly callers: readonly string[]
  readonly told = new Map<string, Told>()
  /** Steps that each caller has got an answer for; it may have asked for one more. */
  readonly steps = new Map<string, number>()
  /** What it complained of on its error output. */
  complaint = ''
  /** How it ended; of one that was killed each caller may have had one wish under way. */
  end: 'killed' | 'stopped' | 'stuck' | undefined
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  #heard: (() => void)[] = []

  constructor(task: Task) {
    this.callers = task.callers
    const program = fileURLToPath(new URL('teller.ts', import.meta.url))
    this.#child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: 'pipe' })
    this.#child.stderr!.on('data', (text: Buffer) => (this.complaint += text.toString()))
    const lines = createInterface({ input: this.#child.stdout! })
    lines.on('line', line => this.#hear(line))
    // The journal's end, not the process's: what it said last is read after it is gone.
    this.#ended = Promise.all([once(lines, 'close'), once(this.#child, 'exit')])
  }

  #hear(line: string): void {
    const [sign, name, ...rest] = line.split(' ')
    const told =
      sign === '+' ? { seqs: rest.map(BigInt) } : { code: rest[0]!, definite: sign === '-' }
    this.told.set(name!, told)
    const [caller, step] = name!.split('.') as [string, string]
    this.steps.set(caller, Number(step) + 1)
    for (const heard of this.#heard.splice(0)) heard()
  }

  get acknowledged(): number {
    return [...this.told.values()].filter(told => 'seqs' in told).length
  }

  /** Until it has said so much more, or `most` milliseconds have gone, or it has ended. */
  async working(more = this.callers.length, most = 20_000): Promise<void> {
    const [enough, until] = [this.told.size + more, performance.now() + most]
    const over = AbortSignal.timeout(most)
    while (this.told.size < enough && performance.now() < until && this.#child.exitCode === null)
      await Promise.race([
        new Promise<void>(resolve => this.#heard.push(resolve)),
        once(over, 'abort'),
        this.#ended,
      ])
  }

  async kill(): Promise<void> {
    this.end = 'killed'
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  /** Lets it finish what it has asked for. One that does not end is killed, and that is a fault. */
  async stop(most = 20_000): Promise<void> {
    if (this.end) return
    this.#child.stdin!.end()
    const late = setTimeout(() => this.#child.kill('SIGKILL'), most)
    await this.#ended
    clearTimeout(late)
    this.end = this.#child.signalCode === null ? 'stopped' : 'stuck'
  }
}
