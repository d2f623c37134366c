/** Which platform one tops up with, where there is a choice. */
import { listWallets } from '@bursar/contract'
import { useGatewayName } from '../app/gateways.ts'
import { useRead } from '../app/read.ts'
import { useWide } from '../app/wide.ts'
import { walletOf } from './within.ts'
import { useWords } from './words.ts'

const own = walletOf(navigator.userAgent)

/**
 * The chosen one, the first where nobody has chosen, and its page for the device in hand, else a code to scan. Within
 * a wallet's own browser it is that wallet, where it can be paid there: another's pages do not open in it.
 */
export function useWallets(chosen: string | undefined) {
  const wide = useWide()
  const all = useRead(listWallets, {}).data?.rows ?? []
  const here = all.find(({ gateway, ways }) => gateway === own && ways.includes('inside'))
  const wallets = here ? [here] : all
  const wallet = wallets.find(({ gateway }) => gateway === chosen) ?? wallets[0]
  const page = wide ? ('desk' as const) : ('phone' as const)
  const usual = ([page, 'qr'] as const).find(one => wallet?.ways.includes(one))
  const way = here ? ('inside' as const) : usual
  const how = wallet && { gateway: wallet.gateway, ...(way && { way }) }
  return { wallets, how }
}

type Choosing = {
  wallets: readonly { gateway: string }[]
  chosen: string | undefined
  choose(gateway: string): void
  busy: boolean
}
export function WalletChoice({ wallets, chosen, choose, busy }: Choosing) {
  const say = useWords()
  const named = useGatewayName()
  if (wallets.length < 2) return null
  return (
    <>
      <p className="fine">{say('payWith')}</p>
      <div className="choices">
        {wallets.map(({ gateway }) => (
          <button
            key={gateway}
            type="button"
            className="choice"
            disabled={busy}
            aria-pressed={chosen === gateway}
            onClick={() => choose(gateway)}
          >
            {named(gateway)}
          </button>
        ))}
      </div>
    </>
  )
}
