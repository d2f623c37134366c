/** Proves one book beside everything else that the process does: in a thread, on a connection of its own. */
import { Worker } from 'node:worker_threads'
import type { Book } from './types.ts'
import type { Proof } from './verify.ts'

export type Asked = Readonly<{
  url: string
  book: Book
  /** The files that witness. */
  witnesses: readonly string[]
}>
type Told = Readonly<{ entries: bigint; proof?: undefined } | { proof: Proof }>

/** `signal` ends it before it is done. */
export function verifyAside(
  asked: Asked,
  progress: (entries: bigint) => void,
  signal?: AbortSignal,
): Promise<Proof> {
  const thread = new Worker(new URL('./verify.thread.ts', import.meta.url), { workerData: asked })
  const end = () => void thread.terminate()
  signal?.addEventListener('abort', end)
  return new Promise<Proof>((resolve, reject) => {
    thread.on('message', (told: Told) => {
      if (!told.proof) progress(told.entries)
      // What crosses between threads comes as plain bytes.
      else resolve({ ...told.proof, head: Buffer.from(told.proof.head) })
    })
    thread.once('error', reject)
    thread.once('exit', () => reject(new Error('The verifier ended before it was done')))
  }).finally(() => {
    signal?.removeEventListener('abort', end)
    end()
  })
}
