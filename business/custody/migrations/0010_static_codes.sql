-- A code on the wall can be pasted over. So what one person pays by such codes in a day has a limit in each
-- pool: 500 yuan. The book is held while its rows are written, so the sum that is read here is exact.

create index spend_by_merchant_code on custody.spend (book, person, at) where merchant_code is not null;

create function custody.check_static_codes() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  day timestamptz := date_trunc('day', new.at at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai';
  paid bigint;
begin
  if not exists (
    select from custody.merchant_code c where c.id = new.merchant_code and c.kind = 'static')
  then
    return new;
  end if;
  select coalesce(sum(s.minor), 0) into paid
  from custody.spend s join custody.merchant_code c on c.id = s.merchant_code
  where s.book = new.book and s.person = new.person and s.merchant_code is not null
    and s.at >= day and s.at < day + interval '1 day' and c.kind = 'static'
    and (s.state = 'done' or s.state = 'waiting' and s.expires_at > new.at);
  if paid + new.minor > 50000 then
    raise exception '% has paid % by static codes today', new.person, paid
      using errcode = 'check_violation', constraint = 'static_codes_have_a_day_limit';
  end if;
  return new;
end $$;
create trigger spend_keeps_the_day_limit before insert on custody.spend
  for each row when (new.merchant_code is not null and new.currency = 'CNY')
  execute function custody.check_static_codes();
