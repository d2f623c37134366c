/**
 * Parties are people, and the places where they have a seat.
 *
 *   register   a person, known by phone or e-mail and a password
 *   sign in    a session opens; ten wrong tries close the door for half an hour
 *   apply      a merchant asks to come in, and its owner waits
 *   decide     somebody else lets it in, or not, or stops it     applicant → active ⇄ suspended
 *   seat       owners and staff at merchants
 *   make a key   a merchant's own program asks with it, within its scopes
 *   nominate    admins and reviewers, custodians and supervisors; another one confirms
 *   enter a licence   the operator's own; another one approves
 *
 * No money moves here. What a seat allows is written in the contract, route by route.
 */
export type { Refused } from './refusal.ts'
export {
  endApiKey,
  integratorsOf,
  listApiKeys,
  makeApiKey,
  rotateApiKey,
  type ApiKey,
  type MadeApiKey,
} from './apiKeys.ts'
export { listMerchants, type Filter, type Page } from './directory.ts'
export {
  applyMerchant,
  changeMerchant,
  decideMerchant,
  merchantOf,
  stepsOf,
  trades,
  type Merchant,
  type MerchantState,
  type MerchantStep,
  type Payee,
  type Step,
  type Trade,
} from './merchants.ts'
export {
  decideLicence,
  enterLicence,
  listLicences,
  platformScopeIsLawful,
  type Licence,
  type LicenceId,
  type LicenceStep,
} from './licences.ts'
export { addOutlet, outletsOf, type Outlet } from './outlets.ts'
export { addTill, closeTill, renameTill, tillsOf, type Till } from './tills.ts'
export {
  changePassword,
  personByLogin,
  personOf,
  register,
  type Locale,
  type Person,
} from './people.ts'
export {
  decideNomination,
  listNominations,
  nominate,
  type Nomination,
  type NominationId,
  type NominationState,
  type NominationStep,
} from './nominations.ts'
export {
  appoint,
  foundInstitution,
  listInstitutions,
  seat,
  seatByLogin,
  seatsAt,
  seatsOf,
  unseat,
  type Held,
  type Institution,
  type InstitutionKind,
  type InstitutionRole,
  type Seated,
} from './seats.ts'
export {
  actorOf,
  actorsOf,
  endSession,
  forgetSessions,
  openSession,
  sessionsOf,
  signIn,
  type Opened,
  type Session,
} from './sessions.ts'
export { setUp, setUpNeeded } from './set-up.ts'
