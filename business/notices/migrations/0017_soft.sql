-- What is not spoken may be heard as a tone: that something is unverified, or that two sums were told, once for each prompt,
-- outside quiet hours. What is spoken is not soft.
alter table notices.prompt add column soft boolean not null default false,
  add constraint what_sounds_softly_is_not_spoken check (not soft or not loud and class in ('seen', 'contradicted'));
