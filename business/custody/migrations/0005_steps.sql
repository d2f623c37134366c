-- What the code above decides, the tables refuse to undo.

create function custody.check_step() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if not old.state || ' to ' || new.state = any (tg_argv) then
    raise exception '%: from % no step leads to %', tg_table_name, old.state, new.state
      using errcode = 'check_violation', constraint = 'only_known_steps_are_taken';
  end if;
  return new;
end $$;

create trigger top_up_takes_a_step before update of state on custody.top_up
  for each row when (old.state <> new.state)
  execute function custody.check_step('waiting to credited', 'waiting to closed', 'waiting to expired');
create trigger spend_takes_a_step before update of state on custody.spend
  for each row when (old.state <> new.state)
  execute function custody.check_step('waiting to done', 'waiting to declined');
create trigger part_takes_a_step before update of state on custody.part
  for each row when (old.state <> new.state)
  execute function custody.check_step('sending to confirmed', 'sending to returned', 'confirmed to done');
create trigger suspense_takes_a_step before update of state on custody.suspense
  for each row when (old.state <> new.state)
  execute function custody.check_step('unclaimed to returning', 'returning to returned', 'returning to unclaimed');

-- The refunds themselves are added up, whatever the spend's counter says; their ordinals keep two apart.
create function custody.check_refund() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if (select sum(r.minor) from custody.refund r where r.book = new.book and r.spend = new.spend)
   > (select s.minor from custody.spend s where s.book = new.book and s.id = new.spend)
  then
    raise exception 'The refunds of % exceed it', new.spend
      using errcode = 'check_violation', constraint = 'refunds_never_exceed_the_spend';
  end if;
  return null;
end $$;
create trigger refund_fits_its_spend after insert on custody.refund
  for each row execute function custody.check_refund();
