-- Whether a moment falls into the hours of a day, as `within` (hours.ts) says: over midnight where the first is the later.
create function notices.is_within(moment timestamptz, clock text, opens integer, closes integer) returns boolean
language sql stable set search_path = pg_catalog as $$
  select case when opens < closes then minute >= opens and minute < closes else minute >= opens or minute < closes end
  from (select (extract(hour from moment at time zone clock) * 60 + extract(minute from moment at time zone clock))::integer
    as minute) m
$$;
