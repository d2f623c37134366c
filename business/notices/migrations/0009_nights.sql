-- A night is of its outlet's business day, from cut-off to cut-off, and of one currency: sums of two are never added. It says from
-- when until when it looked, and how far the stream and the evidence had come, so that what is told later of a day
-- that is over is looked at by the next night and by no other.
alter table notices.night
  add column starts_at timestamptz,
  add column ends_at   timestamptz,
  add column seq       bigint,
  add column evidence  bigint,
  add constraint a_night_ends_after_it_starts check (ends_at > starts_at);
alter table notices.difference drop constraint difference_merchant_day_counter_fkey;
alter table notices.night drop constraint a_night_is_made_once;
alter table notices.night add constraint a_night_is_made_once primary key (merchant, day, counter, currency);
alter table notices.difference add foreign key (merchant, day, counter, currency) references notices.night;
create index night_of_counter on notices.night (counter, day desc);
