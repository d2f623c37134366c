-- The life of a merchant, and who may not decide it, for those who would write past the code.

create function parties.check_life() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if (old.state, new.state) not in (
    ('applicant', 'active'), ('applicant', 'rejected'), ('active', 'suspended'), ('suspended', 'active'),
    ('active', 'closed'), ('suspended', 'closed'))
  then
    raise exception 'From % no step leads to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'only_known_steps_are_taken';
  end if;
  return new;
end $$;
create trigger merchant_takes_a_step before update of state on parties.merchant
  for each row when (old.state <> new.state) execute function parties.check_life();

create function parties.check_decider() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if new.name not in ('apply', 'change') and exists (
    select from parties.seat
    where organisation = new.merchant and person = new.taken_by and ended_at is null)
  then
    raise exception '% has a seat at %', new.taken_by, new.merchant
      using errcode = 'check_violation', constraint = 'no_decider_sits_at_the_merchant';
  end if;
  return null;
end $$;
create trigger step_is_taken_by_somebody_else after insert on parties.merchant_step
  for each row execute function parties.check_decider();
