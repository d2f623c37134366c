import type { English } from '../app/i18n.ts'
import type zh from './proof.zh.ts'

const en: English<typeof zh> = {
  proof: 'Verify the book',
  proofHint:
    'Adds the whole book up again from nothing: both sides of every entry, limits, the hash chain, and every head that is kept outside.',
  pool: 'Pool equation',
  see: 'Verify the book',
  start: 'Verify now',
  starting: 'Verifying…',
  running: 'Verifying',
  runningText: '{{entries}} entries so far, since {{since}}.',
  proved: 'The book is right',
  provedText: '{{entries}} entries and {{accounts}} accounts, added up from nothing, all agree.',
  provedAfter:
    '{{entries}} entries and {{accounts}} accounts all agree, from the opening balances on that were signed at entry {{after}}. What is before lies in the archive.',
  wrong: 'The book is wrong',
  wrongText:
    '{{field}} of entry {{seq}} is not right. Pay nothing more, leave everything as it is, and call the operator.',
  detail: 'What the verifier says',
  never: 'Not verified since the server started.',
  failed: 'Not brought to its end',
  failedText:
    'At {{at}} the book could not be read whole, so nothing is known by it. Try again; if it happens again, see the server’s log.',
  at: 'verified {{at}}, in {{seconds}} s',
  end: 'End of the book',
  entry: 'Entry',
  head: 'Head',
  lastEntry: 'Last entry',
  seal: 'Newest signed head',
  noSeal: 'No head is signed yet. A book is signed within a minute after it has moved.',
  sealAt: 'Signed',
  key: 'Public key',
  witnesses: 'Kept outside',
  witnessesHint:
    'Heads that are kept outside the database. Who rewrites the whole book, cuts its end off or puts an old backup back is seen here alone.',
  noWitnesses:
    'Nothing is kept outside: who rewrites the whole book would not be seen. Set BURSAR_WITNESS.',
  keeps: 'up to entry {{seq}}, {{at}}',
  keepsNothing: 'has received nothing yet',
  agrees: 'Agrees',
  differs: 'Differs',
}

export default en
