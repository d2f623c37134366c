-- By which notice in the inbox a top-up was credited: the platform's own, signed; or one of ours, where the platform was asked.
alter table custody.top_up
  add column notice text,
  add constraint only_what_is_credited_was_told_of check (notice is null or state = 'credited');
