import assert from 'node:assert/strict'
import fs from 'node:fs'
import { test } from 'node:test'
import en from '../app/words.en.ts'
import zh from '../app/words.zh.ts'
import { hereWord } from './here-word.ts'

const schema = fs.readFileSync(new URL('../../../../database/schema.sql', import.meta.url), 'utf8')

/** As the table allows them. */
function statesOf(table: string): string[] {
  const [, rest = ''] = schema.split(`create table ${table} (`)
  const [, list = ''] = /state_is_known CHECK \(\(state = ANY \(ARRAY\[(.*?)\]/.exec(rest) ?? []
  return [...list.matchAll(/'(\w+)'/g)].map(([, state]) => state!)
}

test('whatever state the books have a payment or a refund in, a break says it in both languages', () => {
  const states = ['top_up', 'suspense', 'part'].map(name => statesOf(`custody.${name}`))
  for (const some of states) assert.ok(some.length > 3)
  for (const state of states.flat())
    for (const words of [zh, en]) assert.ok(words[hereWord(state)], `${state} has its word`)
})
