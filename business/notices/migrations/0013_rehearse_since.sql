-- Since when a counter is rehearsed at these hours: an hour before it was not missed.
alter table notices.counter add column rehearse_since timestamptz not null default now();
