import type { English } from '../app/i18n.ts'
import type zh from './statement.zh.ts'

const en: English<typeof zh> = {
  take: 'Take in a statement',
  hint: 'Download the statement of your bank, Alipay or WeChat Pay (CSV) and check it here. It is the best evidence: what phones and SMS told of is borne out, another sum is an alarm, and what nobody told of is told late.',
  whose: 'Whose statement',
  choose: 'Choose a file',
  other: 'Another file',
  tooLarge: 'The file has more than 512 KB. Split it by date.',
  rows_one: '{{count}} payment or refund',
  rows: '{{count}} payments and refunds',
  raised: '{{count}} borne out for the first time, told late',
  filtered: '{{count}} as they were told',
  contradicts: '{{count}} with another sum: an alarm',
  new: '{{count}} that nobody told of, told late',
  others_one: '{{count}} line is no receipt (expense, closed) and is left out',
  others: '{{count}} lines are no receipts (expenses, closed) and are left out',
  older_one: '{{count}} from before the counter or more than 40 days ago is left out',
  older: '{{count}} from before the counter or more than 40 days ago are left out',
  unread_one: '{{count}} line cannot be read: {{lines}}',
  unread: '{{count}} lines cannot be read: {{lines}}',
  line: 'line {{line}}, {{why}}',
  'why.time': 'time',
  'why.amount': 'amount',
  confirm: 'Take it in',
  done: 'Taken in. The same statement again changes nothing.',
  close: 'Close',
}
export default en
