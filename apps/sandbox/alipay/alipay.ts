/** Alipay's front door: what payers see of it, and what the operator asks of it. */
import type { FastifyInstance } from 'fastify'
import type { Faults } from '../faults.ts'
import type { Timers } from '../timers.ts'
import type { PlayedWallet } from '../wallet.ts'
import type { World } from '../world.ts'
import { authoriseMethods, bindAuthorise } from './authorise.ts'
import { openBills } from './bill.ts'
import { bindBridge } from './bridge.ts'
import { bindGateway } from './gateway.ts'
import type { AlipaySide } from './keys.ts'

/** Over HTTPS the operator's calls come in at a port of their own. */
type Servers = Readonly<{ pages: FastifyInstance; calls: FastifyInstance }>
type Parts = Readonly<{
  side: AlipaySide
  world: World
  faults: Faults
  timers: Timers
  wallet: PlayedWallet
  /** Where the operator reaches us. */
  home: () => string
}>

export function openAlipay({ pages, calls }: Servers, parts: Parts): void {
  const { side, world, wallet } = parts
  bindAuthorise(pages, world, side)
  bindBridge(pages, wallet, world)
  const more = { ...authoriseMethods(world), ...openBills(calls, parts) }
  for (const server of new Set([pages, calls])) bindGateway(server, { ...parts, more })
}
