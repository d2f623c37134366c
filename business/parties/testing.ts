/** People and a merchant in a database of the test file's own: for tests of this folder. */
import { after, before } from 'node:test'
import { useDatabase } from '@bursar/database/testing'
import { newId, type Books, type MerchantId, type PersonId } from '@bursar/kernel'
import { openBooks } from '@bursar/ledger'
import { applyMerchant, type Merchant } from './merchants.ts'
import { register } from './people.ts'

export const password = 'a quiet river at dawn'

export function useParties() {
  const db = useDatabase()
  let books: Books
  let people = 0
  before(async () => {
    await db.ready
    books = openBooks({ url: db.url })
  })
  after(() => books?.close())

  const phone = () => `138${String(++people).padStart(8, '0')}`
  async function person(name = '某人', secret?: string): Promise<{ id: PersonId; phone: string }> {
    const [id, number] = [newId('per'), phone()]
    const more = secret === undefined ? {} : { password: secret }
    await register(books, { id, name, phone: number, locale: 'zh-CN', ...more })
    return { id, phone: number }
  }
  const application = (
    by: PersonId,
    id: MerchantId = newId('mer'),
    licence = `91${id.slice(-16)}`,
  ) => ({
    id,
    by,
    licence,
    name: '老茶馆',
    trade: 'teahouse' as const,
    representative: '王一',
    address: '人民路 1 号',
    payee: { bank: '沙盒银行', account: '6217000000001234', name: '老茶馆' },
  })
  const merchant = async (by: PersonId): Promise<Merchant> => applyMerchant(books, application(by))
  return {
    get books() {
      return books
    },
    db,
    person,
    phone,
    application,
    merchant,
    /** The server goes away and comes back: nothing is left of it but the database. */
    async restart() {
      await books.close()
      books = openBooks({ url: db.url })
    },
  }
}
