/** Proves one book beside everything else that the process does: in a thread, on a connection of its own. */
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Book } from './types.ts'
import type { Proof } from './verify.ts'

/** Which book, where, and against which witnesses. */
export type Asked = Readonly<{
  url: string
  book: Book
  /** The files that witness. */
  witnesses: readonly string[]
  /** Where the archive's files are. */
  archive?: string
}>
type Told = Readonly<{ entries: bigint; proof?: undefined } | { proof: Proof }>

/** Another file of ours: .ts in this house, .js where it was installed. */
const beside = (name: string) => new URL(`./${name}${extname(import.meta.url)}`, import.meta.url)

/** `signal` ends it before it is done. */
export function verifyAside(
  asked: Asked,
  progress: (entries: bigint) => void,
  signal?: AbortSignal,
): Promise<Proof> {
  const thread = new Worker(beside('verify.thread'), { workerData: asked })
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
