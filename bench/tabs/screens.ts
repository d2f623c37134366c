/**
 * So many merchant's screens in a process of their own: node bench/tabs/screens.ts URL COOKIE COUNT. Says `open` when
 * all are, and, asked for it, when each order came to each screen.
 */
import { get } from 'node:http'

const [url = '', cookie = '', count = '0'] = process.argv.slice(2)
const arrived: [order: string, at: number][] = []
const now = () => performance.timeOrigin + performance.now()

function open(): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { cookie, accept: 'text/event-stream' } }, answer => {
      if (answer.statusCode !== 200) return reject(new Error(`${answer.statusCode}`))
      resolve()
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
        const end = text.lastIndexOf('\n\n')
        if (end < 0) return
        const at = now()
        for (const [, id] of text.slice(0, end).matchAll(/"id":"(gds_\w+)"/g))
          arrived.push([id!, at])
        text = text.slice(end + 2)
      })
    }).on('error', reject)
  })
}

await Promise.all(Array.from({ length: Number(count) }, open))
process.on('message', () => process.send!(arrived, () => process.exit()))
process.send!('open')
