-- What a word without an order id may be about is found by one key (merchant, platform, kind, currency, sum) and the time:
-- a few at most on each side, whatever the statistics say and however many there are. No other index has these columns.

alter table notices.notice
  add column alike bigint generated always as (case when not rehearsal then
    hashtextextended(merchant || ' ' || platform || ' ' || kind || ' ' || currency::text || ' ' || coalesce(received, minor)::text, 0)
  end) stored,
  add column open_alike bigint generated always as (case when weak and not rehearsal then
    hashtextextended(merchant || ' ' || platform || ' ' || kind || ' ' || currency::text || ' ' || coalesce(received, minor)::text, 0)
  end) stored;
create index notice_alike on notices.notice (alike, at) where alike is not null;
create index notice_open_alike on notices.notice (open_alike, at) where open_alike is not null;
drop index notices.notice_by_sum;
drop index notices.notice_weak;

-- For each of a batch: of the open ones (`open`, those without an order id) or of all, the nearest in time. The planner
-- is left one way: a table that was never analysed, or that was empty when the plan was made, is read as any other.
create function notices.alike(
  merchants text[], platforms text[], kinds text[], currencies text[], sums bigint[], opens boolean[], moments timestamptz[],
  reach interval, most integer[]) returns setof text
language plpgsql stable rows 100
set search_path = pg_catalog set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
begin
  return query
  with wanted as materialized (
    select hashtextextended(w.merchant || ' ' || w.platform || ' ' || w.kind || ' ' || w.currency || ' ' || w.sum::text, 0) as key,
      w.open, w.moment, w.most
    from unnest(merchants, platforms, kinds, currencies, sums, opens, moments, most)
      as w (merchant, platform, kind, currency, sum, open, moment, most))
  select distinct f.id from wanted w cross join lateral (
    (select n.id from notices.notice n
     where w.open and n.open_alike = w.key and n.at >= w.moment and n.at <= w.moment + reach order by n.at limit w.most)
    union all
    (select n.id from notices.notice n
     where w.open and n.open_alike = w.key and n.at < w.moment and n.at >= w.moment - reach order by n.at desc limit w.most)
    union all
    (select n.id from notices.notice n
     where not w.open and n.alike = w.key and n.at >= w.moment and n.at <= w.moment + reach order by n.at limit w.most)
    union all
    (select n.id from notices.notice n
     where not w.open and n.alike = w.key and n.at < w.moment and n.at >= w.moment - reach order by n.at desc limit w.most)) f;
end $$;

-- An order id that a phone told is a hint (not firm): it may be about one notice, and firmly, by better evidence, another.
alter table notices.order_id add column firm boolean not null default true;
alter table notices.order_id drop constraint an_order_id_names_one_notice;
alter table notices.order_id add constraint an_order_id_names_one_notice primary key (merchant, platform, order_no, kind, firm);

-- Another sum that contradicts is told as well: each sum once.
alter table notices.prompt drop constraint each_class_is_told_once;
create unique index each_class_is_told_once on notices.prompt (notice, class) where class <> 'contradicted';
create unique index each_contradiction_is_told_once on notices.prompt (notice, minor) where class = 'contradicted';
create index prompt_of_notice on notices.prompt (notice);
