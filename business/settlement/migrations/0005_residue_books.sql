-- A residue and the book say the same; what was asked and who reviewed it stay; a guest may take back what nobody has
-- decided yet.

alter table settlement.residue
  add column hold      uuid,        -- the entry that reserves it
  add column moved     uuid,        -- the entry by which it left custody, or by which it came back there
  add column closed_at timestamptz, -- since when the bank refuses the reference for good
  drop constraint state_is_known,
  add constraint state_is_known check (state in ('submitted', 'withdrawn', 'rejected', 'sending', 'accepted', 'closing',
    'unbooked', 'paid', 'returning', 'bounced')),
  drop constraint nothing_is_paid_unreviewed,
  add constraint nothing_is_paid_unreviewed check ((state in ('submitted', 'withdrawn')) = (reviewed_by is null)),
  drop constraint an_ended_residue_has_its_time,
  add constraint an_ended_residue_has_its_time
    check ((state in ('withdrawn', 'rejected', 'paid', 'returning', 'bounced')) = (ended_at is not null)),
  add constraint nothing_is_paid_that_was_closed check (state <> 'paid' or closed_at is null);

update settlement.residue r set hold = e.id
from ledger.entry e where e.book = r.book and e.subject = r.id and e.event = 'residue_asked';
update settlement.residue r set moved = e.id
from ledger.entry e
where e.book = r.book and e.subject = r.id and e.kind = 1
  and e.event = case r.state when 'bounced' then 'residue_bounced' else 'residue_paid' end;
alter table settlement.residue alter column hold set not null;

alter table settlement.residue_step
  drop constraint residue_step_name_check,
  add constraint residue_step_name_check
    check (name in ('submit', 'withdraw', 'approve', 'reject', 'pay', 'bounce'));

-- As before; and it begins as a wish, of what its top-up still has once the platform's refunds and the other
-- residues are taken off.
create or replace function settlement.check_residue() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  refused record;
  asked bigint;
  claimed bigint;
begin
  if new.state <> 'submitted' then
    raise exception '% is not decided when it is asked for', new.id
      using errcode = 'check_violation', constraint = 'a_residue_begins_as_a_wish';
  end if;
  perform from custody.part where id = new.part for update;
  select p.state, p.minor, p.book, p.top_up, w.purse, w.currency, u.person, n.name into refused
  from custody.part p
  join custody.withdrawal w on w.id = p.withdrawal
  join custody.purse u on u.id = w.purse
  join parties.person n on n.id = u.person
  where p.id = new.part;
  if refused.state is distinct from 'returned' or refused.book <> new.book
    or refused.purse <> new.purse or refused.currency <> new.currency
  then
    raise exception '% was not refused to %', new.part, new.purse
      using errcode = 'check_violation', constraint = 'a_residue_is_of_a_refused_part';
  end if;
  if refused.person <> new.asked_by or refused.name <> new.holder then
    raise exception '% is not of who asks, in their own name', new.id
      using errcode = 'check_violation', constraint = 'a_residue_goes_to_the_guest';
  end if;
  select coalesce(sum(r.minor), 0) into asked from settlement.residue r
  where r.part = new.part and r.state not in ('withdrawn', 'rejected', 'bounced');
  if asked + new.minor > refused.minor then
    raise exception 'More is asked than % of %', refused.minor, new.part
      using errcode = 'check_violation', constraint = 'no_more_than_was_refused';
  end if;
  select new.minor
    + (select coalesce(sum(p.minor), 0) from custody.part p
       where p.top_up = refused.top_up and p.state <> 'returned')
    + (select coalesce(sum(r.minor), 0) from settlement.residue r join custody.part p on p.id = r.part
       where p.top_up = refused.top_up and r.state not in ('withdrawn', 'rejected', 'bounced'))
  into claimed;
  if claimed > (select t.returned from custody.top_up t where t.id = refused.top_up) then
    raise exception '% is not claimed of %', new.id, refused.top_up
      using errcode = 'check_violation', constraint = 'what_the_bank_pays_the_platform_does_not';
  end if;
  return new;
end $$;

create or replace function settlement.check_residue_step() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if (old.id, old.book, old.part, old.purse, old.minor, old.currency, old.bank, old.account, old.holder, old.asked_by,
      old.asked_at, old.hold)
    is distinct from (new.id, new.book, new.part, new.purse, new.minor, new.currency, new.bank, new.account, new.holder,
      new.asked_by, new.asked_at, new.hold)
  then
    raise exception 'What was asked in % stays as it was asked', old.id
      using errcode = 'check_violation', constraint = 'what_was_asked_stays';
  end if;
  if old.state <> new.state and (old.state, new.state) not in (
    ('submitted', 'withdrawn'), ('submitted', 'rejected'), ('submitted', 'sending'),
    ('sending', 'accepted'), ('sending', 'closing'), ('accepted', 'closing'), ('closing', 'accepted'),
    ('sending', 'unbooked'), ('sending', 'paid'), ('sending', 'returning'), ('sending', 'bounced'),
    ('accepted', 'unbooked'), ('accepted', 'paid'), ('accepted', 'returning'), ('accepted', 'bounced'),
    ('closing', 'unbooked'), ('closing', 'paid'), ('closing', 'returning'), ('closing', 'bounced'),
    ('unbooked', 'paid'), ('unbooked', 'returning'), ('unbooked', 'bounced'),
    ('paid', 'returning'), ('paid', 'bounced'), ('returning', 'bounced'))
  then
    raise exception 'A residue does not go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'a_residue_goes_only_where_it_can';
  end if;
  if new.reviewed_by is distinct from old.reviewed_by and old.reviewed_by is not null then
    raise exception '% was reviewed by %', old.id, old.reviewed_by
      using errcode = 'check_violation', constraint = 'a_review_stays_whose_it_was';
  end if;
  if new.reviewed_by is distinct from old.reviewed_by and exists (
    select from custody.purse u join parties.seat s on s.organisation = u.merchant
    where u.id = new.purse and s.person = new.reviewed_by and s.ended_at is null)
  then
    raise exception '% has a seat at the merchant', new.reviewed_by
      using errcode = 'check_violation', constraint = 'no_residue_reviewer_sits_at_the_merchant';
  end if;
  return new;
end $$;

-- At the end of the transaction the book has what the state says: reserved while it is open, released where it goes
-- back, settled and gone from custody where it is paid. What was settled long ago may stand in an archive: a bounce
-- then rests on its own entry.
create function settlement.check_residue_books() returns trigger
language plpgsql set search_path = pg_catalog as $$
declare
  ended record;
  moved text;
begin
  select e.kind, e.minor into ended
  from ledger.entry h join ledger.entry e on e.book = h.book and e.pend = h.seq
  where h.book = new.book and h.id = new.hold;
  select e.event || ' ' || d.ref || ' ' || c.ref into moved
  from ledger.entry e
  join ledger.account d on d.book = e.book and d.account = e.debit
  join ledger.account c on c.book = e.book and c.account = e.credit
  where e.book = new.book and e.id = case new.state when 'submitted' then new.hold else new.moved end
    and e.subject = new.id and e.minor = new.minor
    and e.kind = case new.state when 'submitted' then 2 else 1 end;
  if not coalesce(case new.state
    when 'submitted' then ended.kind is null
      and moved = 'residue_asked purse/' || new.purse || ' pool/transit-out'
    when 'withdrawn' then ended.kind = 4
    when 'rejected' then ended.kind = 4
    when 'paid' then ended.kind = 3 and ended.minor = new.minor
      and moved = 'residue_paid pool/transit-out pool/custody'
    when 'returning' then ended.kind is distinct from 4
    when 'bounced' then ended.kind is not distinct from 4
      or coalesce(moved = 'residue_bounced pool/custody purse/' || new.purse, false)
    else ended.kind is null end, false)
  then
    raise exception '% is %, and the book does not say so', new.id, new.state
      using errcode = 'check_violation', constraint = 'a_residue_is_as_the_book_has_it';
  end if;
  return null;
end $$;
create constraint trigger asked_residue_is_reserved after insert on settlement.residue
  deferrable initially deferred for each row execute function settlement.check_residue_books();
create constraint trigger residue_is_booked after update of state on settlement.residue
  deferrable initially deferred for each row when (old.state <> new.state)
  execute function settlement.check_residue_books();
