-- Somebody has looked at it: that makes no money of what nobody has verified. It stays 待核实, with who looked.

alter table notices.notice alter column state set expression as (
  case when received is null then 'seen' when checked_at is not null then 'checked' else 'received' end);
