import type { English } from '../app/i18n.ts'
import type zh from './words.zh.ts'

const en: English<typeof zh> = {
  title: 'Demo town',
  lead: 'Prepaid money, kept by a bank, paid to merchants only after review.',
  leadMore:
    "Choose a face and do the one thing it is for. Beside it you see what happens at the others' side.",
  choose: 'Choose a face',
  building: 'The town is being built: {{done}} of {{total}}',
  buildingHint: 'You can look around already; the figures will grow.',
  failed: 'The town could not be built. See the console, then start over with npm run reset.',
  enter: 'Enter as {{name}}',
  signInOwn: 'Sign in',
  others: 'At the same moment, on the other side',
  othersHint: 'every two seconds',
  atShop: '{{name}} today',
  spends: '{{count}} spends',
  spends_one: '{{count}} spend',
  latest: 'Latest spends',
  none: 'Nothing yet. Pay something and it is here at once.',
  held: 'Money at the bank',
  owed: "Everybody's money",
  equal: 'The equation holds, entry {{seq}}',
  unequal: 'The equation does not hold',
  leave: 'Another face',
  now: 'You are',
  'hint.consumer':
    "Scan the teahouse's code and pay, or show your own code.\nFirst see where your money is.",
  'hint.owner':
    "See today's takings and ask for settlement.\nSomebody else reviews; you cannot approve your own.",
  'hint.staff':
    "Type an amount and charge a member's code.\nYou can charge, not ask for settlement.",
  'hint.reviewer':
    'See the longest waiting request and its evidence.\nApprove it, or reject it with a reason.',
  'hint.admin':
    'See which merchants apply and decide who comes in.\nSuspend any time; no money is lost by it.',
  'hint.custodian':
    'See where every cent in the custody account comes from.\nIt always equals what everybody owns.',
  'hint.supervisor': 'See whether the equation holds; open any figure.\nGo down to the last entry.',
}

export default en
