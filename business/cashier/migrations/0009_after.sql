-- What comes once an outlet's day is final is of the next one, though its cut-off was moved meanwhile: else it would stand in
-- no final report.

create or replace function cashier.give_number() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  new.day := greatest(
    cashier.day_of(new.merchant, new.outlet, new.at),
    (select max(z.day) + 1 from cashier.z_report z where z.outlet = new.outlet));
  insert into cashier.series as s (merchant, kind, day, last)
  values (new.merchant, new.kind, new.day, 1)
  on conflict (merchant, kind, day) do update set last = s.last + 1
  returning last into new.number;
  return new;
end $$;
