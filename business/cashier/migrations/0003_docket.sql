-- The numbered papers of the four orders. The table gives the number, in the transaction that moves the
-- money: no code can forget it, and what is rolled back leaves no gap.

create function cashier.day_of(p_merchant text, p_outlet text, p_at timestamptz) returns date
language sql stable set search_path = pg_catalog as $$
  select ((p_at at time zone coalesce(o.zone, 'Asia/Shanghai'))
    - make_interval(mins => coalesce(s.cut_off, 360)))::date
  from (select 1) as one
  left join lateral (
    select id, zone from parties.outlet
    where merchant = p_merchant and (p_outlet is null or id = p_outlet) order by id limit 1) o on true
  left join cashier.outlet s on s.outlet = o.id
$$;

-- The end of the business day that a moment falls in.
create function cashier.day_ends(p_merchant text, p_outlet text, p_at timestamptz) returns timestamptz
language sql stable set search_path = pg_catalog as $$
  select (cashier.day_of(p_merchant, p_outlet, p_at) + 1 + make_interval(mins => coalesce(s.cut_off, 360)))
    at time zone o.zone
  from parties.outlet o left join cashier.outlet s on s.outlet = o.id where o.id = p_outlet
$$;

create table cashier.series (
  merchant text    not null,
  kind     text    not null,
  day      date    not null,
  last     integer not null check (last > 0),
  primary key (merchant, kind, day)
);

create table cashier.docket (
  subject  text        primary key,  -- the top-up, goods order, tab or withdrawal
  kind     text        not null,
  merchant text        not null references parties.merchant,
  outlet   text,
  purse    text        not null references custody.purse,
  tab      text        references cashier.tab,
  day      date        not null,
  number   integer     not null,
  at       timestamptz not null,

  constraint a_docket_is_of_its_kind check (case kind
    when 'top_up' then subject like 'top\_%' and tab is null
    when 'goods' then subject like 'gds\_%' and tab is not null
    when 'checkout' then subject = tab
    when 'refund' then subject like 'wdr\_%' and tab is null
    else false end),
  constraint a_number_is_given_once unique (merchant, kind, day, number)
);
create index docket_of_merchant on cashier.docket (merchant, at desc, subject desc);
create index docket_of_purse on cashier.docket (purse, at desc, subject desc);
create index docket_of_tab on cashier.docket (tab) where tab is not null;
create trigger docket_is_history before update or delete or truncate on cashier.docket
  execute function ledger.refuse_to_rewrite_history();

-- G20261129-0007: the seventh goods order of that day.
create function cashier.number_of(p_kind text, p_day date, p_number integer) returns text
language sql immutable set search_path = pg_catalog as $$
  select case p_kind when 'top_up' then 'T' when 'goods' then 'G' when 'checkout' then 'C' else 'R' end
    || to_char(p_day, 'YYYYMMDD-') || lpad(p_number::text, greatest(4, length(p_number::text)), '0')
$$;

create function cashier.give_number() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  new.day := cashier.day_of(new.merchant, new.outlet, new.at);
  insert into cashier.series as s (merchant, kind, day, last)
  values (new.merchant, new.kind, new.day, 1)
  on conflict (merchant, kind, day) do update set last = s.last + 1
  returning last into new.number;
  return new;
end $$;
create trigger docket_has_a_number before insert on cashier.docket
  for each row execute function cashier.give_number();

-- A series goes on by one, and only forward.
create function cashier.check_series() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if new.last <> old.last + 1 or (new.merchant, new.kind, new.day) <> (old.merchant, old.kind, old.day) then
    raise exception 'A series of dockets goes on by one'
      using errcode = 'check_violation', constraint = 'numbers_have_no_gap';
  end if;
  return new;
end $$;
create trigger series_has_no_gap before update on cashier.series
  for each row execute function cashier.check_series();

-- A demo lives its month in seconds: there the book's clock counts.
create function cashier.write_money_docket() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  moment timestamptz;
begin
  if tg_table_name = 'withdrawal' then
    moment := new.at;
  elsif exists (select from ledger.demo) then
    moment := greatest(new.created_at, (select b.at from ledger.book b where b.book = new.book));
  else
    moment := coalesce(new.ended_at, new.created_at);
  end if;
  insert into cashier.docket (subject, kind, merchant, purse, at)
  select new.id, tg_argv[0], p.merchant, p.id, moment from custody.purse p where p.id = new.purse;
  return null;
end $$;
-- At commit, when the book is held already: top-ups that are credited in one append hold it before their rows.
create constraint trigger received_top_up_has_a_docket after insert on custody.top_up
  deferrable initially deferred for each row when (new.state = 'credited') execute function cashier.write_money_docket('top_up');
create constraint trigger credited_top_up_has_a_docket after update of state on custody.top_up
  deferrable initially deferred for each row when (new.state = 'credited' and old.state <> 'credited')
  execute function cashier.write_money_docket('top_up');
create trigger refund_has_a_docket after insert on custody.withdrawal
  for each row when (new.purse is not null) execute function cashier.write_money_docket('refund');

create function cashier.write_goods_docket() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  insert into cashier.docket (subject, kind, merchant, outlet, purse, tab, at)
  select new.id, 'goods', t.merchant, t.outlet, t.purse, t.id, new.placed_at
  from cashier.tab t where t.id = new.tab;
  return null;
end $$;
create trigger goods_order_has_a_docket after insert on cashier.goods_order
  for each row execute function cashier.write_goods_docket();

create function cashier.write_checkout_docket() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  insert into cashier.docket (subject, kind, merchant, outlet, purse, tab, at)
  values (new.id, 'checkout', new.merchant, new.outlet, new.purse, new.id, new.closed_at);
  return null;
end $$;
create trigger checkout_has_a_docket after update of state on cashier.tab
  for each row when (new.state = 'closed') execute function cashier.write_checkout_docket();

-- What was received and sent back before there were numbers has them now, in its order.
insert into cashier.docket (subject, kind, merchant, purse, at)
select t.id, 'top_up', p.merchant, p.id, coalesce(t.ended_at, t.created_at)
from custody.top_up t join custody.purse p on p.id = t.purse
where t.state = 'credited' order by 5, 1;
insert into cashier.docket (subject, kind, merchant, purse, at)
select w.id, 'refund', p.merchant, p.id, w.at
from custody.withdrawal w join custody.purse p on p.id = w.purse order by 5, 1;
