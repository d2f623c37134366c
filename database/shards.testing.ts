/** What distribute.sql would make of this database: it is run with stand-ins that keep what they are told. */
import { readFileSync } from 'node:fs'
import { connected, type Connection } from './connect.ts'

export type Placed = Readonly<{
  kind: 'distributed' | 'reference' | 'local' | 'function'
  name: string
  by: string | null
  beside: string | null
}>

/** The functions of Citus, by their names, parameters and defaults; in a schema of their own, for one connection. */
const standIns = `
  create schema citus;
  create table citus.placed (
    n serial, kind text not null, name text not null, by text, beside text);
  create function citus.create_reference_table(table_name regclass) returns void language sql as $$
    insert into citus.placed (kind, name) values ('reference', table_name::text) $$;
  create function citus.citus_add_local_table_to_metadata(
    table_name regclass, cascade_via_foreign_keys boolean default false) returns void language sql as $$
    insert into citus.placed (kind, name) values ('local', table_name::text) $$;
  create function citus.create_distributed_table(
    table_name regclass, distribution_column text, distribution_type text default 'hash',
    colocate_with text default 'default', shard_count int default null) returns void language sql as $$
    insert into citus.placed (kind, name, by, beside)
    values ('distributed', table_name::text, distribution_column, colocate_with) $$;
  create function citus.create_distributed_function(
    function_name regprocedure, distribution_arg_name text default null,
    colocate_with text default 'default', force_delegation boolean default null)
    returns void language sql as $$
    insert into citus.placed (kind, name, by, beside)
    values ('function', function_name::text, distribution_arg_name, colocate_with) $$;`

const page = new URL('distribute.sql', import.meta.url)

/** Runs the page (or another text) and takes everything back. In the order of the page. */
export function placements(
  superUrl: string,
  text: string = readFileSync(page, 'utf8'),
): Promise<Placed[]> {
  return connected(superUrl, async on => {
    await on.script('begin')
    await on.script(standIns)
    await on.script('set local search_path = pg_catalog, citus')
    await on.script(text)
    const placed = await on.sql<Placed>`select kind, name, by, beside from citus.placed order by n`
    await on.script('rollback')
    return placed
  })
}

/** The tables that lie on shards. */
export const distributedTables = async (superUrl: string): Promise<ReadonlySet<string>> =>
  new Set(
    (await placements(superUrl)).flatMap(({ kind, name }) =>
      kind === 'distributed' ? [name] : [],
    ),
  )

/** Whatever would not stand on shards, as sentences: Citus would refuse it, or look on every node. */
export async function shardFaults(on: Connection, placed: readonly Placed[]): Promise<string[]> {
  const of = (kind: Placed['kind']) =>
    placed.filter(one => one.kind === kind).map(({ name }) => name)
  const tables = placed.filter(({ kind }) => kind !== 'function').map(({ name }) => name)
  const rows = await on.sql<{ fault: string }>`
    with shard as (select name::regclass as oid from unnest(${of('distributed')}::text[]) as t (name)),
    everywhere as (select name::regclass as oid from unnest(${of('reference')}::text[]) as t (name)),
    named as (
      select name::regclass as oid, n from unnest(${tables}::text[]) with ordinality as t (name, n)),
    ours as (
      select c.oid from pg_class c join pg_namespace s on s.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition
        and s.nspname !~ '^(pg_|information_schema$|citus$)')
    select ours.oid::regclass || ' is named ' || count(named.oid) || ' times' as fault
    from ours left join named using (oid) group by ours.oid having count(named.oid) <> 1
    union all
    select shard.oid::regclass || ' has no column book integer not null'
    from shard where not exists (
      select from pg_attribute a where a.attrelid = shard.oid and a.attname = 'book'
        and a.atttypid = 'integer'::regtype and a.attnotnull)
    union all
    select i.indexrelid::regclass || ' is unique without book'
    from pg_index i join shard on shard.oid = i.indrelid
    where (i.indisunique or i.indisexclusion) and not exists (
      select from pg_attribute a
      where a.attrelid = i.indrelid and a.attname = 'book'
        and a.attnum = any((i.indkey::smallint[])[0:i.indnkeyatts - 1]))
    union all
    select f.conrelid::regclass || '.' || f.conname || ' refers to '
      || f.confrelid::regclass || ' without book'
    from pg_constraint f
    join shard one on one.oid = f.conrelid join shard other on other.oid = f.confrelid
    where f.contype = 'f' and not exists (
      select from unnest(f.conkey, f.confkey) as pair (mine, theirs)
      join pg_attribute m on m.attrelid = f.conrelid and m.attnum = mine and m.attname = 'book'
      join pg_attribute t on t.attrelid = f.confrelid and t.attnum = theirs and t.attname = 'book')
    union all
    select f.conrelid::regclass || '.' || f.conname || ' refers from every node to '
      || f.confrelid::regclass || ', which is not there'
    from pg_constraint f join everywhere on everywhere.oid = f.conrelid
    where f.contype = 'f' and f.confrelid not in (select oid from everywhere)
    union all
    select f.conrelid::regclass || '.' || f.conname || ' refers from a shard to '
      || f.confrelid::regclass || ', which is not there'
    from pg_constraint f join shard on shard.oid = f.conrelid
    where f.contype = 'f' and f.confrelid not in (select oid from everywhere union select oid from shard)
    union all
    select f.conrelid::regclass || ' is named before ' || f.confrelid::regclass
      || ', to which it refers'
    from pg_constraint f
    join named one on one.oid = f.conrelid join named other on other.oid = f.confrelid
    where f.contype = 'f' and one.n < other.n
    order by 1`
  return rows.map(({ fault }) => fault)
}
