-- Who had which rehearsal is of no use after a month, and there are as many as terminals and hours: the old ones are forgotten,
-- and no others.
drop trigger echo_is_kept on notices.echo;
create trigger echo_is_kept before truncate on notices.echo
  execute function ledger.refuse_to_rewrite_history();
create function notices.check_forgotten_echo() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if (select r.at from notices.rehearsal r where r.notice = old.notice) > now() - interval '30 days' then
    raise exception 'Who had % is not a month old', old.notice
      using errcode = 'check_violation', constraint = 'a_young_echo_is_kept';
  end if;
  return old;
end $$;
create trigger young_echo_is_kept before delete on notices.echo
  for each row execute function notices.check_forgotten_echo();
