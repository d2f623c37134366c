-- A day in everybody's sight is a day of the database's clock: a nomination is neither made nor ended at
-- another time than now. Only a demo lives in another time.

create function parties.check_nomination_clock() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if abs(extract(epoch from coalesce(new.ended_at, new.nominated_at) - clock_timestamp())) > 60
    and not exists (select from ledger.demo)
  then
    raise exception 'It is not % now', coalesce(new.ended_at, new.nominated_at)
      using errcode = 'check_violation', constraint = 'a_nomination_keeps_to_the_clock';
  end if;
  return new;
end $$;
create trigger nomination_keeps_to_the_clock before insert or update on parties.nomination
  for each row execute function parties.check_nomination_clock();
