-- What is known under an order id, and of what was heard before: each word reads its own rows, by the key alone, whatever
-- the statistics say. As a join, 250 words each went through all that their merchant had.

create function notices.named(merchants text[], platforms text[], kinds text[], orders text[])
returns table (merchant text, platform text, kind text, order_no text, firm boolean, notice text)
language plpgsql stable rows 100
set search_path = pg_catalog set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off
set enable_mergejoin = off as $$
begin
  return query
  select distinct o.merchant, o.platform, o.kind, o.order_no, o.firm, o.notice
  from unnest(merchants, platforms, kinds, orders) as w (merchant, platform, kind, order_no)
  cross join lateral (
    select * from notices.order_id n where n.merchant = w.merchant and n.platform = w.platform
      and n.order_no = w.order_no and n.kind = w.kind limit 2) o;
end $$;

-- The order is what no other index has: the first at or after the key is it, or there is none.
create function notices.heard(merchants text[], terminals text[], sources text[], ids text[])
returns table (merchant text, terminal text, source text, id text, outcome text, notice text)
language plpgsql stable rows 100
set search_path = pg_catalog set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
  select e.merchant, e.terminal, e.source, e.id, e.outcome, e.notice
  from unnest(merchants, terminals, sources, ids) as w (merchant, terminal, source, id)
  cross join lateral (
    select * from notices.evidence n
    where n.merchant = w.merchant and (n.terminal, n.source, n.id) >= (w.terminal, w.source, w.id)
    order by n.terminal, n.source, n.id limit 1) e
  where e.terminal = w.terminal and e.source = w.source and e.id = w.id;
end $$;
