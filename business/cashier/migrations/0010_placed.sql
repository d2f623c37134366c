-- Goods orders are placed by the hundred, in one statement: so are their dockets. One function writes and numbers the dockets
-- of all four orders, and always under the lock of their book: so whoever counts holds that book, and knows that what is
-- not there yet comes later. And then it is of the next count or day, whatever its own time says.

create index shift_counted on cashier.shift (merchant, counted_at) where counted_at is not null;
create index shift_counted_at_outlet on cashier.shift (outlet, counted_at) where counted_at is not null;
create index z_report_of_merchant on cashier.z_report (merchant, day);

create function cashier.write_dockets(p_dockets cashier.docket[]) returns void
language sql set search_path = pg_catalog as $$
  with asked as (
    select subject, kind, merchant, outlet, purse, tab, at from unnest(p_dockets) as d
  ), closed as (
    select o.merchant, o.outlet,
      case when o.outlet is null
        then (select max(s.counted_at) from cashier.shift s where s.merchant = o.merchant)
        else (select max(s.counted_at) from cashier.shift s where s.outlet = o.outlet) end as counted_at,
      (select max(z.day) + 1 from cashier.z_report z
       where z.merchant = o.merchant and (o.outlet is null or z.outlet = o.outlet)) as first_day
    from (select distinct merchant, outlet from asked) as o
  ), timed as (
    select a.subject, a.kind, a.merchant, a.outlet, a.purse, a.tab, greatest(a.at, c.counted_at) as at, c.first_day
    from asked a join closed c on c.merchant = a.merchant and c.outlet is not distinct from a.outlet
  ), days as (
    select merchant, outlet, at, greatest(cashier.day_of(merchant, outlet, at), first_day) as day
    from (select distinct merchant, outlet, at, first_day from timed) as moments
  ), counted as (
    select t.*, d.day, row_number() over each as nth, count(*) over (partition by t.merchant, t.kind, d.day) as all_
    from timed t join days d on d.merchant = t.merchant and d.outlet is not distinct from t.outlet and d.at = t.at
    window each as (partition by t.merchant, t.kind, d.day order by t.at, t.subject)
  ), moved as (
    insert into cashier.series as s (merchant, kind, day, last)
    select merchant, kind, day, max(all_) from counted group by merchant, kind, day order by merchant, kind, day
    on conflict (merchant, kind, day) do update set last = s.last + excluded.last
    returning merchant, kind, day, last
  )
  insert into cashier.docket (subject, kind, merchant, outlet, purse, tab, at, day, number)
  select c.subject, c.kind, c.merchant, c.outlet, c.purse, c.tab, c.at, c.day, m.last - c.all_ + c.nth
  from counted c join moved m on m.merchant = c.merchant and m.kind = c.kind and m.day = c.day
$$;

-- Who places or credits holds the book before its rows, so that a series is never waited for the other way round.
create function cashier.write_goods_dockets() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform cashier.write_dockets(array_agg(
    row(n.id, 'goods', t.merchant, t.outlet, t.purse, t.id, null, null, n.placed_at)::cashier.docket))
  from placed n join cashier.tab t on t.id = n.tab having count(*) > 0;
  return null;
end $$;
drop trigger goods_order_has_a_docket on cashier.goods_order;
drop function cashier.write_goods_docket();
create trigger goods_orders_have_dockets after insert on cashier.goods_order
  referencing new table as placed for each statement execute function cashier.write_goods_dockets();

create or replace function cashier.write_top_up_dockets() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  demo boolean;
begin
  if not exists (
    select from placed n join was w on w.id = n.id where n.state = 'credited' and w.state <> 'credited')
  then return null; end if;
  demo := exists (select from ledger.demo);
  perform cashier.write_dockets(array_agg(
    row(n.id, 'top_up', p.merchant, null, p.id, null, null, null,
      case when demo then greatest(n.created_at, (select b.at from ledger.book b where b.book = n.book))
           else coalesce(n.ended_at, n.created_at) end)::cashier.docket))
  from placed n join was w on w.id = n.id join custody.purse p on p.id = n.purse
  where n.state = 'credited' and w.state <> 'credited';
  return null;
end $$;

-- One by one, and as the last thing: the book is taken when all else is done.
create or replace function cashier.write_money_docket() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  moment timestamptz;
begin
  perform from ledger.lock_book(new.book);
  if tg_table_name = 'withdrawal' then
    moment := new.at;
  elsif exists (select from ledger.demo) then
    moment := greatest(new.created_at, (select b.at from ledger.book b where b.book = new.book));
  else
    moment := coalesce(new.ended_at, new.created_at);
  end if;
  perform cashier.write_dockets(array[
    row(new.id, tg_argv[0], p.merchant, null, p.id, null, null, null, moment)::cashier.docket])
  from custody.purse p where p.id = new.purse;
  return null;
end $$;
drop trigger refund_has_a_docket on custody.withdrawal;
create constraint trigger refund_has_a_docket after insert on custody.withdrawal
  deferrable initially deferred for each row when (new.purse is not null)
  execute function cashier.write_money_docket('refund');

create or replace function cashier.write_checkout_docket() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  perform from ledger.lock_book(new.book);
  perform cashier.write_dockets(array[
    row(new.id, 'checkout', new.merchant, new.outlet, new.purse, new.id, null, null, new.closed_at)::cashier.docket]);
  return null;
end $$;
drop trigger checkout_has_a_docket on cashier.tab;
create constraint trigger checkout_has_a_docket after update of state on cashier.tab
  deferrable initially deferred for each row when (new.state = 'closed')
  execute function cashier.write_checkout_docket();
