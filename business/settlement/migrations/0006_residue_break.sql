-- Where the bank and the books differ on a residue is a break too: one list for whoever looks, one rule for what is sent.

alter table settlement.break
  drop constraint break_pkey,
  alter column payout drop not null,
  add column residue text references settlement.residue,
  add column about   text not null generated always as (coalesce(payout, residue)) stored,
  add constraint a_break_is_of_one_payment check (num_nonnulls(payout, residue) = 1),
  add primary key (about, kind);
drop index settlement.break_open, settlement.break_by_time;
create index break_open on settlement.break (found_at, about, kind) where ended_at is null;
create index break_by_time on settlement.break (found_at, about, kind);
create index break_of_residue on settlement.break (residue) where ended_at is null;

-- What the bank had said of them was not kept. It is asked again within a day, and nothing is sent meanwhile.
insert into settlement.break (residue, kind, said, found_at)
select id, differs, 'none', now() from settlement.residue where differs is not null;
alter table settlement.residue drop column differs;
