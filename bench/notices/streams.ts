/**
 * So many terminals' streams in a process of their own: node bench/notices/streams.ts HOME. Told `made`, it opens them and
 * says so; told `wanted`, it answers when so many prompts have arrived, and when each did.
 */
import { Agent, get } from 'node:http'

const [home = ''] = process.argv.slice(2)
const agent = new Agent({ keepAlive: true, maxSockets: Infinity })
const now = () => performance.timeOrigin + performance.now()
let times: number[] = []
const farAhead = '999999999'
let wanted = Infinity

function answer(): void {
  if (times.length < wanted) return
  process.send!({ times: times.splice(0, wanted), bytes: 0 })
  wanted = Infinity
}

function open([terminal, secret]: readonly [string, string]): Promise<void> {
  const path = `${home}/v1/notices/terminals/${terminal}/stream`
  // From now on: a place that is not there yet is not believed.
  const headers = {
    accept: 'text/event-stream',
    'terminal-secret': secret,
    'last-event-id': farAhead,
  }
  return new Promise((resolve, reject) => {
    get(path, { headers, agent }, stream => {
      if (stream.statusCode !== 200) return reject(new Error(`${stream.statusCode}`))
      resolve()
      stream.setEncoding('utf8').on('data', (part: string) => {
        const at = now()
        for (
          let i = part.indexOf('event: prompt');
          i >= 0;
          i = part.indexOf('event: prompt', i + 1)
        )
          times.push(at)
        answer()
      })
    }).on('error', reject)
  })
}

async function openAll(left: [terminal: string, secret: string][]): Promise<void> {
  while (left.length > 0) await Promise.all(left.splice(0, 50).map(open))
  process.send!('open')
}

process.on('message', (said: { made?: [string, string][]; wanted?: number }) => {
  if (said.made) return void openAll(said.made)
  wanted = said.wanted!
  answer()
})
