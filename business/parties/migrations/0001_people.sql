-- People, how they sign in, and how long we believe them.

create schema parties;

create table parties.person (
  id            text        primary key check (id like 'per\_%'),
  name          text        not null    check (length(name) between 1 and 80),
  phone         text,
  email         text,
  password      text,       -- argon2id in PHC notation; without one, nobody signs in with one
  locale        text        not null    check (locale in ('zh-CN', 'en')),
  registered_at timestamptz not null    default now(),

  constraint one_person_per_phone     unique (phone),
  constraint one_person_per_email     unique (email),
  constraint somebody_can_be_reached  check (phone is not null or email is not null),
  constraint a_phone_is_written_e164  check (phone ~ '^\+[1-9][0-9]{6,14}$'),
  constraint an_email_is_lower_case   check (email = lower(email) and email like '%_@_%')
);

-- The token itself is with the browser alone; whoever reads this table cannot sign in with it.
create table parties.session (
  id         text        primary key check (id like 'ses\_%'),
  person     text        not null references parties.person,
  token_hash text        not null,
  agent      text        not null check (length(agent) <= 300),
  address    text        not null check (length(address) <= 64),
  started_at timestamptz not null,
  seen_at    timestamptz not null,  -- written at most once a minute
  ends_at    timestamptz not null,  -- however busy it was

  constraint a_token_opens_one_session unique (token_hash),
  constraint a_session_ends            check (ends_at > started_at)
);
create index session_of_person on parties.session (person, started_at desc);

-- Wrong tries, by login and by address, so that a restart forgives nobody.
create table parties.wrong_try (
  subject      text        primary key check (subject ~ '^(login|address|person):' and length(subject) <= 300),
  tries        int         not null check (tries >= 0),
  since        timestamptz not null,
  locked_until timestamptz
);
create index wrong_try_by_age on parties.wrong_try (since);
