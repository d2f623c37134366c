/**
 * The same terminals as devices, by MQTT: node bench/notices/devices.ts URL [TOPIC]. It is told what streams.ts is told,
 * and answers as that does. Each has its own connection, its own secret and its own topic, and says hello; at a bare
 * broker all listen to the one topic.
 */
import { connectAsync } from 'mqtt'

const [url = '', topic] = process.argv.slice(2)
const now = () => performance.timeOrigin + performance.now()
let [times, bytes]: [number[], number] = [[], 0]
/** From now on: a place that is not there yet is not believed. */
const farAhead = '999999999'
let wanted = Infinity

function answer(): void {
  if (times.length < wanted) return
  process.send!({ times: times.splice(0, wanted), bytes })
  wanted = Infinity
}

async function open([terminal, secret]: readonly [string, string]): Promise<void> {
  const named = { clientId: terminal, username: terminal, password: secret }
  const client = await connectAsync(url, { ...named, protocolVersion: 4, keepalive: 300 })
  client.on('message', (_, payload) => {
    if (payload.length === 0) return
    times.push(now())
    bytes = payload.length
    answer()
  })
  await client.subscribeAsync(topic ?? `bursar/${terminal}/prompt`, { qos: 1 })
  if (topic) return
  const hello = JSON.stringify({ after: farAhead })
  await client.publishAsync(`bursar/${terminal}/hello`, hello, { qos: 1 })
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
