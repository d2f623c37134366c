-- What was settled is settled for the sums that were looked at. A bill that is taken again and names others opens the
-- break once more, and what was decided before decides nothing of it.

alter table reconciliation.break add column round integer not null default 1 check (round > 0);
alter table reconciliation.proposal add column round integer not null default 1;

drop trigger break_takes_a_step on reconciliation.break;
create trigger break_takes_a_step before update of state on reconciliation.break
  for each row when (old.state <> new.state)
  execute function custody.check_step('open to proposed', 'open to settled', 'open to ended', 'proposed to open',
    'proposed to settled', 'proposed to booking', 'booking to settled', 'ended to open', 'settled to open');

create function reconciliation.check_round() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if new.round < old.round or old.state = 'settled' and new.state = 'open' and new.round = old.round then
    raise exception '% was settled in this round', new.id
      using errcode = 'check_violation', constraint = 'what_was_settled_opens_in_a_new_round';
  end if;
  return new;
end $$;
create trigger break_has_its_round before update on reconciliation.break
  for each row execute function reconciliation.check_round();

-- As before; and of the break's round, and nothing of another currency is little.
create or replace function reconciliation.check_proposal() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  about reconciliation.break;
begin
  select * into about from reconciliation.break where id = new.break;
  if tg_op = 'INSERT' then new.round := about.round; end if;
  if new.state = 'alone' and (about.at_stake > 10000 or about.currency <> 'CNY') then
    raise exception '% is worth % %, which one person does not settle', about.id, about.at_stake, about.currency
      using errcode = 'check_violation', constraint = 'above_the_limit_it_takes_two';
  end if;
  if new.kind = 'book' and (about.of <> 'payment' or about.kind not in ('missing_here', 'wrong_state', 'wrong_number')) then
    raise exception '% has no payment to book', about.id
      using errcode = 'check_violation', constraint = 'only_a_payment_is_booked';
  end if;
  return new;
end $$;

create or replace function reconciliation.check_settled() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if not exists (
    select from reconciliation.proposal p where p.break = new.id and p.round = new.round and (
      p.state = 'confirmed' and p.kind = case new.state when 'booking' then 'book' else p.kind end
      or p.state = 'alone' and new.state = 'settled'))
  then
    raise exception '% is settled by nobody', new.id
      using errcode = 'check_violation', constraint = 'nothing_is_settled_undecided';
  end if;
  return new;
end $$;
