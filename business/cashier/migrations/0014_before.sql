-- The docket before is looked up by its number. As “not exists” it was planned, on a young table, as one look through all
-- dockets that there are, for each batch: half of what a batch of top-ups cost after ten thousand of them.
create or replace function cashier.check_numbers() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if exists (
    select from (
      select merchant, kind, day, min(number) as first, max(number) as last, count(*) as count
      from placed group by merchant, kind, day) n
    left join cashier.series s on s.merchant = n.merchant and s.kind = n.kind and s.day = n.day
    where n.last - n.first + 1 <> n.count or s.last is distinct from n.last
      or n.first > 1 and (
        select d.number from cashier.docket d
        where d.merchant = n.merchant and d.kind = n.kind and d.day = n.day and d.number = n.first - 1) is null)
  then
    raise exception 'A series of dockets goes on by one'
      using errcode = 'check_violation', constraint = 'numbers_have_no_gap';
  end if;
  return null;
end $$;
