-- What was assigned out of suspense came by a platform's order too, and can go back against it.
alter table custody.top_up
  add column order_no text,      -- at the platform, where it is not the top-up's own id
  add column proposal text unique references custody.proposal;
