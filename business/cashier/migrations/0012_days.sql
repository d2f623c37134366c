-- Of a hundred dockets of one moment the day is asked once: the planner, which knows nothing of how many there are, asked it for each.

create or replace function cashier.write_dockets(p_dockets cashier.docket[]) returns void
language sql set search_path = pg_catalog as $$
  with asked as (
    select subject, kind, merchant, outlet, purse, tab, at from unnest(p_dockets) as d
  ), closed as materialized (
    select o.merchant, o.outlet,
      case when o.outlet is null
        then (select max(s.counted_at) from cashier.shift s where s.merchant = o.merchant)
        else (select max(s.counted_at) from cashier.shift s where s.outlet = o.outlet) end as counted_at,
      (select max(z.day) + 1 from cashier.z_report z
       where z.merchant = o.merchant and (o.outlet is null or z.outlet = o.outlet)) as first_day
    from (select distinct merchant, outlet from asked) as o
  ), timed as materialized (
    select a.subject, a.kind, a.merchant, a.outlet, a.purse, a.tab, greatest(a.at, c.counted_at) as at, c.first_day
    from asked a join closed c on c.merchant = a.merchant and c.outlet is not distinct from a.outlet
  ), days as materialized (
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
