-- An item's picture, as it is shown: without what the camera wrote into it. A new one has a new id, so that a browser may keep
-- the one that it has for ever.

create table cashier.picture (
  id       text        primary key check (id like 'pic\_%'),
  item     text        not null unique references cashier.item,
  merchant text        not null references parties.merchant,
  type     text        not null check (type in ('image/jpeg', 'image/png', 'image/webp')),
  width    integer     not null check (width between 1 and 2048),
  height   integer     not null check (height between 1 and 2048),
  bytes    bytea       not null,
  put_by   text        not null references parties.person,
  put_at   timestamptz not null default now(),

  constraint a_picture_is_small check (length(bytes) between 1 and 524288)
);
alter table cashier.picture alter column bytes set storage external;  -- packed already
create index picture_of_merchant on cashier.picture (merchant);

create function cashier.check_pictures() returns trigger
language plpgsql set search_path = pg_catalog as $$
begin
  if not exists (select from cashier.item i where i.id = new.item and i.merchant = new.merchant) then
    raise exception '% is no item of %', new.item, new.merchant
      using errcode = 'check_violation', constraint = 'a_picture_is_of_its_merchants_item';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('picture/' || new.merchant, 0));
  if (select count(*) >= 300 or coalesce(sum(length(p.bytes)), 0) + length(new.bytes) > 67108864
      from cashier.picture p where p.merchant = new.merchant and p.item <> new.item) then
    raise exception 'The pictures of % are too many', new.merchant
      using errcode = 'check_violation', constraint = 'a_merchants_pictures_are_bounded';
  end if;
  return new;
end $$;
create trigger pictures_are_bounded before insert on cashier.picture
  for each row execute function cashier.check_pictures();
