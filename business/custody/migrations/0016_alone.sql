-- A platform's payment stands in one place, and each thing that goes wrong stands alone.

-- Where a payment stands: as a top-up, or in suspense. Each of the two tables knows its own payments only, so
-- that one told of as stray and as agreeing in the same moment would stand in both; this key is theirs together.
create table custody.payment (
  gateway  text not null,
  trade_no text not null,
  place    text not null check (place like 'top\_%' or place like 'sus\_%'),
  constraint one_payment_stands_once primary key (gateway, trade_no)
);
create trigger payment_is_history
  before update or delete or truncate on custody.payment
  execute function ledger.refuse_to_rewrite_history();

insert into custody.payment (gateway, trade_no, place)
select gateway, trade_no, id from custody.suspense;
-- What was assigned out of suspense stands there.
insert into custody.payment (gateway, trade_no, place)
select gateway, trade_no, id from custody.top_up where trade_no is not null and proposal is null
on conflict do nothing;

-- A statement at a time: top-ups are credited by the hundred.
create function custody.place_suspense() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  insert into custody.payment (gateway, trade_no, place)
  select gateway, trade_no, id from placed;
  return null;
end $$;
create function custody.place_top_ups() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if tg_op = 'INSERT' then
    insert into custody.payment (gateway, trade_no, place)
    select gateway, trade_no, id from placed where trade_no is not null and proposal is null;
  else
    insert into custody.payment (gateway, trade_no, place)
    select p.gateway, p.trade_no, p.id from placed p join was w on w.id = p.id
    where p.proposal is null and p.trade_no is not null and p.trade_no is distinct from w.trade_no;
  end if;
  return null;
end $$;
create trigger suspense_has_its_payment after insert on custody.suspense
  referencing new table as placed for each statement execute function custody.place_suspense();
create trigger received_top_up_has_its_payment after insert on custody.top_up
  referencing new table as placed for each statement execute function custody.place_top_ups();
create trigger credited_top_up_has_its_payment after update on custody.top_up
  referencing old table as was new table as placed
  for each statement execute function custody.place_top_ups();

-- Whose account at a platform a purse is paid from, where that is known.
create table custody.payer (
  purse   text not null references custody.purse,
  gateway text not null,
  payer   text not null check (payer <> ''),
  primary key (purse, gateway)
);
alter table custody.suspense
  drop constraint reason_is_known,
  add constraint reason_is_known check (reason in
    ('unknown_order', 'wrong_amount', 'wrong_account', 'wrong_currency', 'order_ended', 'over_ceiling',
     'other_payer', 'purse_barred', 'unexpected_credit', 'unknown_payer', 'could_not_return'));
drop index custody.suspense_to_return;
create index suspense_to_return on custody.suspense (at, id)
  where state = 'unclaimed' and reason in ('over_ceiling', 'other_payer');

-- stuck: the platform has accepted it and its payee's account cannot take it. The money is on its way until a
-- person has seen to it at the platform.
alter table custody.part
  drop constraint state_is_known,
  add constraint state_is_known
    check (state in ('sending', 'stuck', 'confirmed', 'done', 'returned')),
  drop constraint nothing_comes_back_without_a_reason,
  add constraint nothing_comes_back_without_a_reason
    check (state not in ('stuck', 'returned') or reason is not null);
drop trigger part_takes_a_step on custody.part;
create trigger part_takes_a_step before update of state on custody.part
  for each row when (old.state <> new.state)
  execute function custody.check_step('sending to stuck', 'sending to confirmed', 'sending to returned',
    'stuck to confirmed', 'stuck to returned', 'confirmed to done');
drop index custody.part_open;
create index part_open on custody.part (asked_at, id) where state in ('sending', 'stuck', 'confirmed');

-- What failed when its turn came, and when it has one again. It stops nothing that stands behind it.
create table custody.hitch (
  subject  text        primary key,  -- the top-up, the row of suspense, the part
  job      text        not null,
  failures integer     not null check (failures > 0),
  error    text        not null,     -- its code, never its words: they may be somebody's
  since    timestamptz not null default now(),
  next_at  timestamptz not null,
  constraint job_is_known check (job in ('top_up', 'return', 'part'))
);
create index hitch_of_job on custody.hitch (job, since);
