-- An opening is signed by a key that has sealed its book. With any other it would stand for ever and never be
-- believed by whoever holds it against the keys that witnesses name, and what it was of is gone by then.
create function ledger.check_archive_key() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
  if not exists (select from ledger.seal s where s.book = new.book and s.key = new.key) then
    raise exception 'Nothing of book % was sealed with this key', new.book using errcode = 'data_exception';
  end if;
  return new;
end $$;
create trigger archive_is_signed_by_who_seals before insert on ledger.archive
  for each row execute function ledger.check_archive_key();
