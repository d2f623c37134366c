-- How far a platform's bill has been read for what it says of payments that were told at a counter. A bill that is taken
-- again is read again.
create table notices.bill (
  gateway text    not null,
  day     date    not null,
  take    integer not null,
  line    integer not null default 0,
  done    boolean not null default false,
  constraint a_bill_is_read_once primary key (gateway, day, take)
);
create index bill_open on notices.bill (day, gateway, take) where not done;
