/** The verifier in a thread of its own, so that nobody who is served waits for it. See verify.aside.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Asked } from './verify.aside.ts'
import { testimonies, verifyBooks } from './verify.ts'

const { url, book, witnesses, archive } = workerData as Asked
const progress = (_: number, entries: bigint) => parentPort!.postMessage({ entries })
const [proof] = await verifyBooks(url, {
  book,
  ...(await testimonies(witnesses)),
  ...(archive && { archive }),
  progress,
})
parentPort!.postMessage({ proof })
