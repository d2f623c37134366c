-- What the two figures at the end of a spoken receipt follow from. It leaves the house never; the report does not read it.

alter table notices.counter add column secret text not null
  default encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex')
  check (length(secret) = 64);
