/**
 * The played WeChat Pay in a process of its own: node bench/reconcile/platform.ts DAY ROWS PREFIX. Is sent its keys, and says
 * where it is to be asked. So many payments stand in its bill of that day.
 */
import { once } from 'node:events'
import { makeKeys, startSandbox, type WechatMerchantKeys } from '@bursar/sandbox'

const [day = '', rows = '0', prefix = ''] = process.argv.slice(2)
const [wechat] = (await once(process, 'message')) as [WechatMerchantKeys]
const sandbox = await startSandbox({ keys: makeKeys(), wechat })
sandbox.wechat!.padBill(day, Number(rows), prefix)
process.once('disconnect', () => void sandbox.stop())
process.send!(sandbox.callUrl)
