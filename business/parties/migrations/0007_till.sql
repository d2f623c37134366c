-- A till: a point of an outlet at which money is taken: a counter with its QR, a cash desk, a window. It says where a
-- receipt came in. Closed, it takes no more; what came in there says so for ever.
create table parties.till (
  id        text        primary key check (id like 'til\_%'),
  merchant  text        not null references parties.merchant,
  outlet    text        not null references parties.outlet,
  name      text        not null check (length(name) between 1 and 40),
  opened_at timestamptz not null default now(),
  closed_at timestamptz,
  constraint a_till_stands_in_one_outlet unique (outlet, id),
  constraint a_till_closes_after_it_opened check (closed_at >= opened_at)
);
create unique index a_till_is_named_once on parties.till (outlet, name) where closed_at is null;
create index till_of_merchant on parties.till (merchant, id);

create function parties.check_till() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if not exists (select from parties.outlet o where o.id = new.outlet and o.merchant = new.merchant) then
    raise exception '% is no outlet of %', new.outlet, new.merchant
      using errcode = 'check_violation', constraint = 'a_till_is_its_merchants';
  end if;
  return new;
end $$;
create trigger till_is_its_merchants before insert on parties.till
  for each row execute function parties.check_till();
