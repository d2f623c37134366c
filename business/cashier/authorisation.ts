/**
 * The port to a platform that lets us know, with its owner's consent, which account there is whose. Custody's
 * wallet fulfils it where its platform does; a platform that tells nobody's account has no `binding`.
 */

/** Somebody's account at the platform: its stable id there, and a name that is masked. */
export type Bound = Readonly<{ payer: string; name?: string }>

export type Authorisation = Readonly<{
  /** The platform, by the name that its payments have in custody. */
  gateway: string
  binding?: Readonly<{
    /** Where the person lets us know the account. `state` comes back with the code: it says whose visit it was. */
    bind(ask: Readonly<{ state: string; returnUrl: string }>): string
    /** Whose account the code that came back is for. A code is good once, for minutes. */
    bound(code: string): Promise<Bound>
  }>
}>
