-- What a receipt writes names its notice, and a notice its counter, as a whole batch: a foreign key asked for each row and
-- each name, which was a quarter of what it took to hear a receipt, and did not ask whether both are one merchant's.
-- The other half of a foreign key, that what is named does not go away, is held by what is named. Each is found by its id
-- alone: beside a merchant, a plan made of an empty table goes through all that the merchant has.

create function notices.check_names() returns trigger
language plpgsql set search_path = pg_catalog set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  if exists (
    select from placed p
    where p.merchant is distinct from case when p.notice is null
      then (select s.merchant from notices.stream s where s.merchant = p.merchant)
      else (select n.merchant from notices.notice n where n.id = p.notice) end)
  then
    raise exception 'A row of % names a notice that its merchant does not have', tg_table_name
      using errcode = 'foreign_key_violation', constraint = 'a_notice_that_is_named_is_there';
  end if;
  return null;
end $$;
alter table notices.order_id drop constraint order_id_notice_fkey;
alter table notices.evidence drop constraint evidence_merchant_fkey, drop constraint evidence_notice_fkey;
alter table notices.prompt drop constraint prompt_merchant_fkey, drop constraint prompt_notice_fkey;
create trigger order_ids_notice_is_there after insert on notices.order_id
  referencing new table as placed for each statement execute function notices.check_names();
create trigger evidences_notice_is_there after insert on notices.evidence
  referencing new table as placed for each statement execute function notices.check_names();
create trigger prompts_notice_is_there after insert on notices.prompt
  referencing new table as placed for each statement execute function notices.check_names();

create function notices.check_counters() returns trigger
language plpgsql set search_path = pg_catalog set enable_seqscan = off set enable_bitmapscan = off as $$
begin
  if exists (
    select from placed p
    where p.merchant is distinct from (select c.merchant from notices.counter c where c.id = p.counter)
      or p.merchant is distinct from (select s.merchant from notices.stream s where s.merchant = p.merchant))
  then
    raise exception 'A notice names a counter that its merchant does not have'
      using errcode = 'foreign_key_violation', constraint = 'a_counter_that_is_named_is_there';
  end if;
  return null;
end $$;
alter table notices.notice drop constraint notice_merchant_fkey, drop constraint notice_counter_fkey;
create trigger notices_counter_is_there after insert on notices.notice
  referencing new table as placed for each statement execute function notices.check_counters();

-- A notice is not deleted (notice_is_kept). Neither is what it names, and none of them is called otherwise.
create trigger stream_is_kept before delete or truncate on notices.stream
  execute function ledger.refuse_to_rewrite_history();
create trigger counter_is_kept before delete or truncate on notices.counter
  execute function ledger.refuse_to_rewrite_history();
create function notices.check_named() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  raise exception 'What a row of % is called stands in others', tg_table_name
    using errcode = 'check_violation', constraint = 'what_is_named_keeps_its_name';
end $$;
create trigger stream_keeps_its_name before update of merchant on notices.stream
  for each row when (old.merchant <> new.merchant) execute function notices.check_named();
create trigger counter_keeps_its_name before update of id, merchant on notices.counter
  for each row when (old.id <> new.id or old.merchant <> new.merchant) execute function notices.check_named();
create trigger notice_keeps_its_name before update of id, merchant, counter on notices.notice
  for each row when (old.id <> new.id or old.merchant <> new.merchant or old.counter <> new.counter)
  execute function notices.check_named();
