-- Nobody bars a merchant at which they have a seat, nor lifts its bar, for those who would write past the
-- code; and no bar is set or lifted without its step.

create function custody.check_prepayments_step() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if exists (
    select from parties.seat
    where organisation = new.merchant and person = new.taken_by and ended_at is null)
  then
    raise exception '% has a seat at %', new.taken_by, new.merchant
      using errcode = 'check_violation', constraint = 'nobody_bars_where_they_sit';
  end if;
  return new;
end $$;
create trigger prepayments_step_is_taken_by_somebody_else before insert on custody.prepayments_step
  for each row execute function custody.check_prepayments_step();

create function custody.check_takes_top_ups() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if new.takes_top_ups is distinct from (
    select s.takes from custody.prepayments_step s
    where s.merchant = new.merchant order by s.n desc limit 1)
  then
    raise exception 'No step says whether % takes top-ups', new.merchant
      using errcode = 'check_violation', constraint = 'a_bar_has_its_step';
  end if;
  return null;
end $$;
create constraint trigger bar_has_its_step after update of takes_top_ups on custody.merchant
  deferrable initially deferred
  for each row when (old.takes_top_ups <> new.takes_top_ups)
  execute function custody.check_takes_top_ups();
