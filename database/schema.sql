-- The whole schema, as the migrations leave it. Made by "npm run schema"; a test compares.

-- database ----------------------------------------------------------------------------------------

create schema database;

create table database.migration (
  folder text not null,
  name text not null,
  sha256 text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (folder, name)
);

grant usage on schema database to bursar_app;
grant usage on schema database to bursar_report;
grant select on database.migration to bursar_app;
grant select on database.migration to bursar_report;

-- ledger ------------------------------------------------------------------------------------------

create schema ledger;

create table ledger.account (
  book integer not null,
  account bigint not null,
  ref text not null,
  constraint account_pkey PRIMARY KEY (book, account),
  constraint account_ref_once UNIQUE (book, ref),
  constraint account_ref_check CHECK ((ref ~ '^[a-z_-]+(/[A-Za-z0-9_-]+)+$'::text))
);

create table ledger.archive (
  book integer not null,
  seq bigint not null,
  at timestamp with time zone not null,
  head bytea not null,
  kept bigint not null,
  digest bytea not null,
  key bytea not null,
  signature bytea not null,
  constraint archive_pkey PRIMARY KEY (book, seq),
  constraint archive_digest_check CHECK ((length(digest) = 32)),
  constraint archive_head_check CHECK ((length(head) = 32)),
  constraint archive_kept_check CHECK ((kept > 0)),
  constraint archive_key_check CHECK ((length(key) = 32)),
  constraint archive_seq_check CHECK ((seq > 0)),
  constraint archive_signature_check CHECK ((length(signature) = 64))
);

create table ledger.archived (
  book integer not null,
  id uuid not null,
  seq bigint not null,
  constraint archived_pkey PRIMARY KEY (book, id)
);

create table ledger.balance (
  book integer not null,
  account bigint not null,
  last bigint not null,
  nth bigint not null,
  posted bigint not null,
  out_ bigint not null,
  in_ bigint not null,
  floor bigint,
  ceiling bigint,
  state smallint not null,
  room text,
  constraint balance_pkey PRIMARY KEY (book, account)
);

create table ledger.book (
  book integer not null,
  currency text not null,
  seq bigint not null,
  at timestamp with time zone not null,
  head bytea not null,
  archived bigint not null default 0,
  constraint book_pkey PRIMARY KEY (book),
  constraint archived_within_the_book CHECK (((archived >= 0) AND (archived <= seq))),
  constraint book_book_check CHECK ((book > 0)),
  constraint book_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint book_head_check CHECK ((length(head) = 32)),
  constraint book_seq_check CHECK ((seq >= 0))
);

create table ledger.demo (
  only_one boolean not null default true,
  constraint demo_pkey PRIMARY KEY (only_one),
  constraint demo_only_one_check CHECK (only_one)
);

create table ledger.due (
  book integer not null,
  expires_at timestamp with time zone not null,
  pend bigint not null,
  constraint due_pkey PRIMARY KEY (book, expires_at, pend)
);

create table ledger.entry (
  book integer not null,
  seq bigint not null,
  id uuid not null,
  kind smallint not null,
  at timestamp with time zone not null,
  event text not null,
  subject text,
  minor bigint,
  pend bigint,
  pended bigint,
  expires_at timestamp with time zone,
  debit bigint,
  debit_prev bigint,
  debit_posted bigint,
  debit_out bigint,
  debit_in bigint,
  debit_floor bigint,
  debit_ceiling bigint,
  debit_state smallint,
  credit bigint,
  credit_prev bigint,
  credit_posted bigint,
  credit_out bigint,
  credit_in bigint,
  credit_floor bigint,
  credit_ceiling bigint,
  credit_state smallint,
  hash bytea not null,
  constraint entry_pkey PRIMARY KEY (book, seq),
  constraint entry_id_once UNIQUE (book, id),
  constraint a_bar_bars_something CHECK (((kind < 11) OR ((pended >= '-3'::integer) AND (pended <= '1000000000000000'::bigint)))),
  constraint a_movement_has_two_sides_and_an_amount CHECK ((((kind <= 5) = (minor IS NOT NULL)) AND ((kind <= 5) = (credit IS NOT NULL)))),
  constraint all_but_a_memo_have_a_side CHECK (((kind = 10) = (debit IS NULL))),
  constraint amount_within_range CHECK (((minor >= 1) AND (minor <= '1000000000000000'::bigint))),
  constraint an_ending_names_its_pend CHECK ((((kind = ANY (ARRAY[3, 4, 5, 12, 13])) = (pend IS NOT NULL)) AND (((kind = 11) OR (pend IS NOT NULL)) = (pended IS NOT NULL)))),
  constraint closed_when_empty CHECK (((kind <> 9) OR ((debit_posted = 0) AND (debit_out = 0) AND (debit_in = 0) AND (debit_state = 4)))),
  constraint credit_room CHECK (((credit_posted + credit_in) <= credit_ceiling)),
  constraint debit_available CHECK (((kind = ANY (ARRAY[3, 4, 5])) OR (kind > 7) OR ((debit_posted - debit_out) >= debit_floor))),
  constraint debit_room CHECK (((debit_posted + debit_in) <= debit_ceiling)),
  constraint entry_kind_check CHECK (((kind >= 1) AND (kind <= 13))),
  constraint limits_stay_while_a_bar_stands CHECK (((kind <> 7) OR (debit_state < 8))),
  constraint never_more_than_was_pended CHECK ((minor <= pended)),
  constraint nothing_moves_into_a_barred_account CHECK (((kind > 3) OR (((credit_state)::integer & 1926) = 0))),
  constraint nothing_moves_out_of_a_barred_account CHECK (((kind > 3) OR (((debit_state)::integer & 125) = 0))),
  constraint nothing_pending_below_zero CHECK (((debit_out >= 0) AND (debit_in >= 0) AND (credit_out >= 0) AND (credit_in >= 0))),
  constraint only_a_pend_or_a_bar_expires CHECK (((expires_at IS NULL) OR (kind = ANY (ARRAY[2, 11])))),
  constraint sides_differ CHECK ((debit <> credit))
);
CREATE INDEX entry_bar ON ledger.entry USING btree (book, debit, seq) WHERE (kind = 11);
CREATE UNIQUE INDEX pend_ends_once ON ledger.entry USING btree (book, pend) WHERE (pend IS NOT NULL);

create table ledger.milestone (
  book integer not null,
  account bigint not null,
  seq bigint not null,
  nth bigint not null,
  constraint milestone_pkey PRIMARY KEY (book, account, seq),
  constraint milestone_nth_check CHECK (((nth % (64)::bigint) = 0))
);

create table ledger.opening (
  book integer not null,
  account bigint not null,
  archive bigint not null,
  seq bigint not null,
  nth bigint not null,
  constraint opening_pkey PRIMARY KEY (book, account),
  constraint opening_check CHECK ((seq <= archive)),
  constraint opening_nth_check CHECK ((nth > 0))
);

create table ledger.seal (
  book integer not null,
  seq bigint not null,
  head bytea not null,
  at timestamp with time zone not null,
  key bytea not null,
  signature bytea not null,
  constraint seal_pkey PRIMARY KEY (book, seq),
  constraint seal_head_check CHECK ((length(head) = 32)),
  constraint seal_key_check CHECK ((length(key) = 32)),
  constraint seal_seq_check CHECK ((seq > 0)),
  constraint seal_signature_check CHECK ((length(signature) = 64))
);

create view ledger.readable with (security_invoker=true) as
 SELECT e.book,
    e.seq,
    e.id,
    e.kind,
    e.at,
    e.event,
    e.subject,
    e.minor,
    e.pended,
    p.id AS pend_id,
    b.currency,
    d.ref AS debit,
    e.debit_posted,
    e.debit_out,
    e.debit_in,
    e.debit_floor,
    e.debit_ceiling,
    e.debit_state,
    c.ref AS credit,
    e.credit_posted,
    e.credit_out,
    e.credit_in,
    e.credit_floor,
    e.credit_ceiling,
    e.credit_state,
    e.hash
   FROM ledger.entry e
     JOIN ledger.book b ON b.book = e.book
     LEFT JOIN ledger.account d ON d.book = e.book AND d.account = e.debit
     LEFT JOIN ledger.account c ON c.book = e.book AND c.account = e.credit
     LEFT JOIN ledger.entry p ON p.book = e.book AND p.seq = e.pend;

create view ledger.recalled with (security_invoker=true) as
 SELECT r.book,
    r.seq,
    r.id,
    r.kind,
    r.at,
    r.event,
    r.subject,
    r.minor,
    r.pended,
    r.pend_id,
    r.currency,
    r.debit,
    r.debit_posted,
    r.debit_out,
    r.debit_in,
    r.debit_floor,
    r.debit_ceiling,
    r.debit_state,
    r.credit,
    r.credit_posted,
    r.credit_out,
    r.credit_in,
    r.credit_floor,
    r.credit_ceiling,
    r.credit_state
   FROM ledger.readable r
UNION ALL
 SELECT a.book,
    a.seq,
    a.id,
    NULL::smallint AS kind,
    NULL::timestamp with time zone AS at,
    NULL::text AS event,
    NULL::text AS subject,
    NULL::bigint AS minor,
    NULL::bigint AS pended,
    NULL::uuid AS pend_id,
    NULL::text AS currency,
    NULL::text AS debit,
    NULL::bigint AS debit_posted,
    NULL::bigint AS debit_out,
    NULL::bigint AS debit_in,
    NULL::bigint AS debit_floor,
    NULL::bigint AS debit_ceiling,
    NULL::smallint AS debit_state,
    NULL::text AS credit,
    NULL::bigint AS credit_posted,
    NULL::bigint AS credit_out,
    NULL::bigint AS credit_in,
    NULL::bigint AS credit_floor,
    NULL::bigint AS credit_ceiling,
    NULL::smallint AS credit_state
   FROM ledger.archived a
  WHERE NOT (EXISTS ( SELECT
           FROM ledger.entry e
          WHERE e.book = a.book AND e.id = a.id));

CREATE TRIGGER account_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.account FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER archive_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.archive FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER archive_is_signed_by_who_seals BEFORE INSERT ON ledger.archive FOR EACH ROW EXECUTE FUNCTION ledger.check_archive_key();
CREATE TRIGGER archived_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.archived FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER entry_goes_when_archived BEFORE DELETE ON ledger.entry FOR EACH ROW EXECUTE FUNCTION ledger.refuse_unless_archived();
CREATE TRIGGER entry_is_history BEFORE UPDATE OR TRUNCATE ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER milestone_goes_when_archived BEFORE DELETE ON ledger.milestone FOR EACH ROW EXECUTE FUNCTION ledger.refuse_unless_archived();
CREATE TRIGGER milestone_is_history BEFORE UPDATE OR TRUNCATE ON ledger.milestone FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER opening_goes_when_archived BEFORE DELETE ON ledger.opening FOR EACH ROW EXECUTE FUNCTION ledger.refuse_unless_archived();
CREATE TRIGGER opening_is_history BEFORE UPDATE OR TRUNCATE ON ledger.opening FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER seal_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON ledger.seal FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();

CREATE OR REPLACE FUNCTION ledger.append(p_book integer, p_seq bigint, p_before bytea, p_at timestamp with time zone, n bigint[], p_moved integer[], p_marks integer[], p_ids uuid[], p_hashes bytea, p_events text[], p_subjects text[], p_refs text[])
 RETURNS TABLE(answer text, seq bigint, clock timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_material TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
 SET jit TO 'off'
AS $function$
#variable_conflict use_column
declare
  added integer := cardinality(p_ids);
  posts integer;
  archived_ bigint;
  broken text;
begin
  clock := clock_timestamp();
  if abs(extract(epoch from p_at - clock)) > 1 and not exists (select from ledger.demo) then
    answer := 'clock'; seq := p_seq; return next; return;
  end if;
  if added = 0 then
    select b.seq, case when b.seq = p_seq and b.head = p_before then 'appended' else 'stale' end
    into seq, answer from ledger.book b where b.book = p_book;
    return next; return;
  end if;

  update ledger.book b set seq = p_seq + added, at = p_at, head = substr(p_hashes, 32 * added - 31)
  where b.book = p_book and b.seq = p_seq and b.head = p_before and b.at <= p_at
  returning b.archived into archived_;
  if not found then
    select b.seq into seq from ledger.book b where b.book = p_book;
    answer := 'stale'; return next; return;
  end if;
  if archived_ > 0 then perform ledger.refuse_archived(p_book, p_ids); end if;

  -- From [1 on: numbers that begin elsewhere would be read as other rows. Hashes cover milliseconds.
  if array_dims(n) is distinct from '[1:' || 28 * added || ']' or p_at <> date_trunc('milliseconds', p_at)
  then perform ledger.does_not_follow(p_book, p_seq); end if;
  -- Posts, nearly all there is.
  insert into ledger.entry
  select p_book, p_seq + i, p_ids[i], 1, p_at, p_events[n[o + 2]], subject, n[o + 3], null, null, null,
         n[o + 7], n[o + 8], n[o + 12], n[o + 13], n[o + 14], ledger.some(n[o + 15]), ledger.some(n[o + 16]), n[o + 17],
         n[o + 18], n[o + 19], n[o + 23], n[o + 24], n[o + 25], ledger.some(n[o + 26]), ledger.some(n[o + 27]), n[o + 28],
         substr(p_hashes, 32 * i - 31, 32)
  from (select subject, i::integer as i, (28 * (i - 1))::integer as o
        from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
  where n[o + 1] = 1 and n[o + 4] = -9223372036854775808 and n[o + 5] = n[o + 4] and n[o + 6] = n[o + 4]
    and ledger.takes_up(n, p_moved, p_seq, o + 7, n[o + 9]::integer, n[o + 11] - 1,
          n[o + 12] + n[o + 3], n[o + 13], n[o + 14], n[o + 15], n[o + 16], n[o + 17])
    and ledger.takes_up(n, p_moved, p_seq, o + 18, n[o + 20]::integer, n[o + 22] - 1,
          n[o + 23] - n[o + 3], n[o + 24], n[o + 25], n[o + 26], n[o + 27], n[o + 28]);
  get diagnostics posts = row_count;
  if posts < added then
    perform ledger.append_others(
      p_book, p_seq, p_at, n, p_moved, p_ids, p_hashes, p_events, p_subjects, p_refs, added - posts);
  end if;
  perform ledger.move_balances(p_book, p_seq, n, p_moved, p_marks);
  seq := p_seq + added; answer := 'appended'; return next;
exception when unique_violation then
  get stacked diagnostics broken = constraint_name;
  if broken <> 'entry_id_once' then raise; end if;
  seq := p_seq; answer := 'known'; return next;
end $function$;

CREATE OR REPLACE FUNCTION ledger.append_bars(p_book integer, p_seq bigint, p_at timestamp with time zone, n bigint[], p_moved integer[], p_ids uuid[], p_hashes bytea, p_events text[], p_subjects text[])
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  bars integer;
begin
  insert into ledger.entry (book, seq, id, kind, at, event, subject, pend, pended, expires_at, debit, debit_prev,
    debit_posted, debit_out, debit_in, debit_floor, debit_ceiling, debit_state, hash)
  select p_book, p_seq + i, p_ids[i], n[o + 1], p_at, p_events[n[o + 2]], subject,
         ledger.some(n[o + 4]), n[o + 5],
         timestamptz 'epoch' + ledger.some(n[o + 6]) / 3600000 * interval '1 hour'
           + ledger.some(n[o + 6]) % 3600000 * interval '1 millisecond',
         ledger.some(n[o + 7]), ledger.some(n[o + 8]), ledger.some(n[o + 12]), ledger.some(n[o + 13]),
         ledger.some(n[o + 14]), ledger.some(n[o + 15]), ledger.some(n[o + 16]), ledger.some(n[o + 17]),
         substr(p_hashes, 32 * i - 31, 32)
  from (select subject, i::integer as i, (28 * (i - 1))::integer as o
        from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
  where n[o + 1] between 11 and 13 and n[o + 3] = -9223372036854775808 and n[o + 8] > 0
    and n[o + 28] between 0 and 32767 and n[o + 28] & 4 = 0 and n[o + 16] = n[o + 27]
    and (n[o + 5] <= 0 or n[o + 26] <> -9223372036854775808)
    and case n[o + 1]
          when 11 then n[o + 4] = n[o + 3] and n[o + 28] < 30720 and n[o + 17] = n[o + 28] + ledger.bars_state(n[o + 5])
            and n[o + 15] = n[o + 26] + greatest(n[o + 5], 0)
          else n[o + 4] > 0 and n[o + 4] < p_seq + i and n[o + 17] = n[o + 28] - ledger.bars_state(n[o + 5])
            and n[o + 15] = n[o + 26] - greatest(n[o + 5], 0) end
    and ledger.takes_up(n, p_moved, p_seq, o + 7, n[o + 9]::integer, n[o + 11] - 1,
          n[o + 12], n[o + 13], n[o + 14], n[o + 26], n[o + 27], n[o + 28]);
  get diagnostics bars = row_count;
  return bars;
end $function$;

CREATE OR REPLACE FUNCTION ledger.append_others(p_book integer, p_seq bigint, p_at timestamp with time zone, n bigint[], p_moved integer[], p_ids uuid[], p_hashes bytea, p_events text[], p_subjects text[], p_refs text[], p_number integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  pends integer;
  opened integer;
  named integer;
  others integer;
  bars integer;
begin
  insert into ledger.entry
  select p_book, p_seq + i, p_ids[i], n[o + 1], p_at, p_events[n[o + 2]], subject, n[o + 3],
         ledger.some(n[o + 4]), ledger.some(n[o + 5]),
         -- By the hour: PostgreSQL multiplies as float8, which has no milliseconds of the year 9999.
         timestamptz 'epoch' + ledger.some(n[o + 6]) / 3600000 * interval '1 hour'
           + ledger.some(n[o + 6]) % 3600000 * interval '1 millisecond',
         n[o + 7], n[o + 8], n[o + 12], n[o + 13], n[o + 14], ledger.some(n[o + 15]), ledger.some(n[o + 16]), n[o + 17],
         n[o + 18], n[o + 19], n[o + 23], n[o + 24], n[o + 25], ledger.some(n[o + 26]), ledger.some(n[o + 27]), n[o + 28],
         substr(p_hashes, 32 * i - 31, 32)
  from (select subject, i::integer as i, (28 * (i - 1))::integer as o
        from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
  where n[o + 1] between 2 and 5 and (n[o + 1] < 4 or n[o + 3] = n[o + 5]) and n[o + 4] < p_seq + i
    and ledger.takes_up(n, p_moved, p_seq, o + 7, n[o + 9]::integer, n[o + 11] - 1,
          n[o + 12] + ledger.moves(n[o + 1], n[o + 3]), n[o + 13] - ledger.reserves(n[o + 1], n[o + 3], n[o + 5]),
          n[o + 14], n[o + 15], n[o + 16], n[o + 17])
    and ledger.takes_up(n, p_moved, p_seq, o + 18, n[o + 20]::integer, n[o + 22] - 1,
          n[o + 23] - ledger.moves(n[o + 1], n[o + 3]), n[o + 24],
          n[o + 25] - ledger.reserves(n[o + 1], n[o + 3], n[o + 5]), n[o + 26], n[o + 27], n[o + 28]);
  get diagnostics pends = row_count;
  if pends = p_number then perform ledger.keep_due(p_book, p_seq); return; end if;

  insert into ledger.account (book, account, ref)
  select p_book, p_seq + i, ref from unnest(p_refs) with ordinality as line (ref, i)
  where n[(28 * (i - 1) + 1)::integer] = 6;
  get diagnostics named = row_count;
  insert into ledger.balance (book, account, last, nth, posted, out_, in_, floor, ceiling, state, room)
  select p_book, p_seq + o / 28 + 1, 0, 0, 0, 0, 0, ledger.some(n[o + 15]), ledger.some(n[o + 16]), 0, repeat(' ', 150)
  from generate_series(0, cardinality(n) - 1, 28) as o where n[o + 1] = 6;
  get diagnostics opened = row_count;
  if named <> opened then perform ledger.does_not_follow(p_book, p_seq); end if;

  insert into ledger.entry (book, seq, id, kind, at, event, subject, debit, debit_prev, debit_posted, debit_out,
    debit_in, debit_floor, debit_ceiling, debit_state, hash)
  select p_book, p_seq + i, p_ids[i], n[o + 1], p_at, p_events[n[o + 2]], subject,
         ledger.some(n[o + 7]), ledger.some(n[o + 8]), ledger.some(n[o + 12]), ledger.some(n[o + 13]),
         ledger.some(n[o + 14]), ledger.some(n[o + 15]), ledger.some(n[o + 16]), ledger.some(n[o + 17]),
         substr(p_hashes, 32 * i - 31, 32)
  from (select subject, i::integer as i, (28 * (i - 1))::integer as o
        from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
  where n[o + 1] between 6 and 10 and n[o + 3] = -9223372036854775808 and n[o + 4] = n[o + 3] and n[o + 5] = n[o + 3]
    and case n[o + 1]
          when 10 then n[o + 7:o + 17] = array_fill(n[o + 3], array[11])
          when 6 then n[o + 7] = p_seq + i and n[o + 8] = n[o + 3] and n[o + 9] < 0 and n[o + 17] = 0
          else n[o + 8] > 0 and n[o + 28] between 0 and 32767 and n[o + 28] & 4 = 0 end
    and case when n[o + 1] in (8, 9) then n[o + 26] = n[o + 15] and n[o + 27] = n[o + 16] else true end
    and case n[o + 1] when 7 then n[o + 28] < 8 and n[o + 17] = n[o + 28]
                      when 8 then n[o + 17] between 0 and 32767 and n[o + 17] & -4 = n[o + 28] & -4
                      when 9 then n[o + 28] < 8 and n[o + 17] = 4 else true end
    and (n[o + 1] = 10 or ledger.takes_up(n, p_moved, p_seq, o + 7, n[o + 9]::integer, n[o + 11] - 1,
          n[o + 12], n[o + 13], n[o + 14], n[o + 26], n[o + 27], n[o + 28]));
  get diagnostics others = row_count;
  bars := ledger.append_bars(p_book, p_seq, p_at, n, p_moved, p_ids, p_hashes, p_events, p_subjects);
  if pends + bars > 0 then perform ledger.keep_due(p_book, p_seq); end if;
  if pends + others + bars <> p_number then perform ledger.does_not_follow(p_book, p_seq); end if;
end $function$;

CREATE OR REPLACE FUNCTION ledger.bars(p_book integer, p_ref text)
 RETURNS TABLE(seq bigint, id uuid, pended bigint, event text, subject text, at timestamp with time zone, expires_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
  select e.seq, e.id, e.pended, e.event, e.subject, e.at, e.expires_at
  from ledger.account a
  join ledger.entry e on e.book = a.book and e.debit = a.account and e.kind = 11
  where a.book = p_book and a.ref = p_ref
    and not exists (select from ledger.entry l where l.book = e.book and l.pend = e.seq)
  order by e.seq
$function$;

CREATE OR REPLACE FUNCTION ledger.bars_state(pended bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN (2048 + CASE WHEN (pended < 0) THEN ((((- pended) & (1)::bigint) * 8) + (((- pended) & (2)::bigint) * 64)) ELSE (0)::bigint END);

CREATE OR REPLACE FUNCTION ledger.check_archive_key()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if not exists (select from ledger.seal s where s.book = new.book and s.key = new.key) then
    raise exception 'Nothing of book % was sealed with this key', new.book using errcode = 'data_exception';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION ledger.clear_archived(p_book integer, p_after bigint, p_to bigint)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog'
AS $function$
  delete from ledger.entry e using ledger.archived a
  where e.book = p_book and e.seq > p_after and e.seq <= p_to and a.book = e.book and a.id = e.id and a.seq = e.seq
$function$;

CREATE OR REPLACE FUNCTION ledger.confirm(p_book integer, p_seq bigint, p_before bytea, p_at timestamp with time zone)
 RETURNS TABLE(answer text, seq bigint, clock timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
#variable_conflict use_column
begin
  clock := clock_timestamp();
  if abs(extract(epoch from p_at - clock)) > 1 and not exists (select from ledger.demo) then
    answer := 'clock'; seq := p_seq; return next; return;
  end if;
  -- As in an entry, so that the verifier sees it changed.
  if p_at <> date_trunc('milliseconds', p_at) then perform ledger.does_not_follow(p_book, p_seq); end if;
  perform set_config('synchronous_commit', 'off', true);
  update ledger.book b set at = p_at
  where b.book = p_book and b.seq = p_seq and b.head = p_before and b.at <= p_at;
  answer := case when found then 'appended' else 'stale' end;
  select b.seq into seq from ledger.book b where b.book = p_book;
  return next;
end $function$;

CREATE OR REPLACE FUNCTION ledger.does_not_follow(p_book integer, p_seq bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  raise exception 'The entries do not continue book % at seq %', p_book, p_seq using errcode = 'data_exception';
end $function$;

CREATE OR REPLACE FUNCTION ledger.is_side(n bigint[], place integer)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN CASE (place % 28) WHEN 7 THEN ((n)[(place - 6)] <> 10) WHEN 18 THEN ((n)[(place - 17)] < 6) ELSE false END;

CREATE OR REPLACE FUNCTION ledger.keep_due(p_book integer, p_after bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  if exists (
    select from (
      select e.kind, e.at, e.pend, e.pended, e.debit, e.credit
      from ledger.entry e where e.book = p_book and e.seq > p_after offset 0) as e
    left join ledger.entry p
      on p.book = p_book and p.seq = e.pend and p.kind = case when e.kind > 11 then 11 else 2 end
    where e.pend is not null
      and ((p.debit, p.credit, coalesce(p.minor, p.pended)) is distinct from (e.debit, e.credit, e.pended)
        or (e.kind in (5, 13)) <> coalesce(p.expires_at <= e.at, false)))
  then raise exception 'An ending does not match its pend or its bar in book %', p_book using errcode = 'data_exception';
  end if;
  insert into ledger.due (book, expires_at, pend)
  select book, expires_at, seq from ledger.entry
  where book = p_book and seq > p_after and expires_at is not null;
  delete from ledger.due d
  using (
    select p.seq, p.expires_at from (
      select e.pend from ledger.entry e where e.book = p_book and e.seq > p_after offset 0) as e
    join ledger.entry p on p.book = p_book and p.seq = e.pend and p.expires_at is not null offset 0) as ended
  where d.book = p_book and d.expires_at = ended.expires_at and d.pend = ended.seq;
end $function$;

CREATE OR REPLACE FUNCTION ledger.keep_seal(p_book integer, p_seq bigint, p_head bytea, p_at timestamp with time zone, p_key bytea, p_signature bytea)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if not exists (
    select from ledger.entry e where e.book = p_book and e.seq = p_seq and e.hash = p_head)
  then raise exception 'Book % has no such head at %', p_book, p_seq using errcode = 'data_exception';
  end if;
  if exists (select from ledger.seal s where s.book = p_book and s.seq >= p_seq) then return false; end if;
  insert into ledger.seal (book, seq, head, at, key, signature)
  values (p_book, p_seq, p_head, p_at, p_key, p_signature) on conflict do nothing;
  return found;
end $function$;

CREATE OR REPLACE FUNCTION ledger.let_go(p_book integer, p_seq bigint, p_kept bigint, p_digest bytea, p_key bytea, p_signature bytea)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  last ledger.entry;
  went bigint;
begin
  lock table ledger.archive in share row exclusive mode;
  select e.* into last from ledger.entry e
  join ledger.seal s on s.book = e.book and s.seq = e.seq and s.head = e.hash
  where e.book = p_book and e.seq = p_seq;
  if not found or p_seq <= (select archived from ledger.book b where b.book = p_book) then
    raise exception 'Book % has no sealed entry % to be archived to', p_book, p_seq using errcode = 'data_exception';
  end if;
  -- What reads a book on and on has long been there.
  if last.at > clock_timestamp() - interval '30 days' and not exists (select from ledger.demo) then
    raise exception 'Entry % of book % is not 30 days old', p_seq, p_book using errcode = 'data_exception';
  end if;
  create temporary table kept on commit drop as select * from ledger.openings(p_book, p_seq);
  analyze pg_temp.kept;
  if p_kept <> (select count(distinct k.seq) from pg_temp.kept k) then
    raise exception 'Of book % other entries up to % stay than were signed', p_book, p_seq using errcode = 'data_exception';
  end if;
  insert into ledger.archive (book, seq, at, head, kept, digest, key, signature)
  values (p_book, p_seq, last.at, last.hash, p_kept, p_digest, p_key, p_signature);
  insert into ledger.archived (book, id, seq)
  select e.book, e.id, e.seq from ledger.entry e
  where e.book = p_book and e.seq <= p_seq and not exists (select from pg_temp.kept k where k.seq = e.seq);
  get diagnostics went = row_count;
  delete from ledger.milestone m where m.book = p_book and m.seq <= p_seq;
  delete from ledger.opening o where o.book = p_book;
  insert into ledger.opening (book, account, archive, seq, nth)
  select p_book, k.account, p_seq, k.seq, k.nth from pg_temp.kept k where k.account is not null;
  drop table pg_temp.kept;
  update ledger.book b set archived = p_seq where b.book = p_book;
  return went;
end $function$;

CREATE OR REPLACE FUNCTION ledger.lines(p_book integer, p_account bigint, p_after bigint, p_before bigint DEFAULT NULL::bigint, p_limit integer DEFAULT NULL::integer, p_moving boolean DEFAULT false)
 RETURNS SETOF bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 50
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET jit TO 'off'
AS $function$
  with recursive line (seq, kind, earlier) as (
    select e.seq, e.kind, case when e.debit = p_account then e.debit_prev else e.credit_prev end
    from ledger.entry e
    where e.book = p_book and e.seq > p_after and e.seq = coalesce(
      (select min(m.seq) from ledger.milestone m
       where m.book = p_book and m.account = p_account and m.seq >= p_before),
      (select b.last from ledger.balance b where b.book = p_book and b.account = p_account))
    union all
    select e.seq, e.kind, case when e.debit = p_account then e.debit_prev else e.credit_prev end
    from line join ledger.entry e on e.book = p_book and e.seq = line.earlier
    where line.earlier > p_after
  )
  select line.seq from line
  where (p_before is null or line.seq < p_before) and (not p_moving or line.kind in (1, 3))
  limit p_limit
$function$;

CREATE OR REPLACE FUNCTION ledger.lock_book(p_book integer)
 RETURNS TABLE(currency text, seq bigint, at timestamp with time zone, head bytea, clock timestamp with time zone)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  select currency, seq, at, head, clock_timestamp() from ledger.book where book = p_book for update
$function$;

CREATE OR REPLACE FUNCTION ledger.move(p_book integer, p_seq bigint, p_before bytea, p_at timestamp with time zone, p_accounts integer, p_marks boolean, m integer[], n bigint[], p_ids uuid[], p_hashes bytea, p_events text[], p_subjects text[])
 RETURNS TABLE(answer text, seq bigint, clock timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
 SET enable_material TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
 SET jit TO 'off'
AS $function$
#variable_conflict use_column
declare
  added integer := cardinality(p_ids);
  slots integer := 2 * added + p_accounts;
  -- Before the first slot's account, the first account's last slot, its numbers; before the first minor.
  owners integer := 5 * added;
  lasts integer := 5 * added + slots + 1;
  accounts integer := 4 * slots - 4;
  minors integer := 4 * slots + 5 * p_accounts;
  done integer;
  archived_ bigint;
  broken text;
begin
  clock := clock_timestamp();
  -- Alone, without the query, so that it is one expression and no statement.
  if p_at not between clock - interval '1 second' and clock + interval '1 second' then
    if not exists (select from ledger.demo) then
      answer := 'clock'; seq := p_seq; return next; return;
    end if;
  end if;
  update ledger.book b set seq = p_seq + added, at = p_at, head = substr(p_hashes, 32 * added - 31)
  where b.book = p_book and b.seq = p_seq and b.head = p_before and b.at <= p_at
  returning b.archived into archived_;
  if not found then
    select b.seq into seq from ledger.book b where b.book = p_book;
    answer := 'stale'; return next; return;
  end if;
  if archived_ > 0 then perform ledger.refuse_archived(p_book, p_ids); end if;
  -- Hashes cover milliseconds.
  if (added > 0 and cardinality(p_subjects) = added and m[lasts] = 0 and m[lasts + p_accounts] = slots
    and p_at = date_trunc('milliseconds', p_at)) is not true
  then perform ledger.does_not_follow(p_book, p_seq); end if;

  insert into ledger.entry
  select p_book, seq, p_ids[i], 1, p_at, p_events[m[5 * i - 3]], subject, minor, null, null, null,
         n[debit], n[d - 4], n[d + 1], n[d + 2], n[d + 3], ledger.some(n[debit + 2]), ledger.some(n[debit + 3]), n[debit + 4],
         n[credit], n[c - 4], n[c + 1], n[c + 2], n[c + 3], ledger.some(n[credit + 2]), ledger.some(n[credit + 3]), n[credit + 4],
         substr(p_hashes, 32 * i - 31, 32)
  from (
    select subject, i, p_seq + i as seq, n[minors + i] as minor, 4 * debit - 3 as d, 4 * credit - 3 as c,
           accounts + 5 * m[owners + debit] as debit, accounts + 5 * m[owners + credit] as credit
    from (select subject, i::integer as i, m[5 * i::integer - 2] as debit, m[5 * i::integer - 1] as credit
          from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
    where m[5 * i - 4] = 1 and m[5 * i] = 0
      and debit between 2 and slots and m[owners + debit] = m[owners + debit - 1]
      and credit between 2 and slots and m[owners + credit] = m[owners + credit - 1] offset 0) as line
  where n[d] = seq and n[d - 4] < seq and n[d + 1] = n[d - 3] - minor and n[d + 2] = n[d - 2] and n[d + 3] = n[d - 1]
    and n[c] = seq and n[c - 4] < seq and n[c + 1] = n[c - 3] + minor and n[c + 2] = n[c - 2] and n[c + 3] = n[c - 1];
  get diagnostics done = row_count;
  if done < added then
    perform ledger.move_others(
      p_book, p_seq, p_at, p_accounts, m, n, p_ids, p_hashes, p_events, p_subjects, added - done);
  end if;

  update ledger.balance b
  set last = n[4 * l - 3], nth = n[a + 1] + l - f, posted = n[4 * l - 2], out_ = n[4 * l - 1], in_ = n[4 * l], room = null
  from (select c, accounts + 5 * c as a, m[lasts + c - 1] + 1 as f, m[lasts + c] as l
        from generate_series(1, p_accounts) as c offset 0) as moved
  where b.book = p_book and b.account = n[a] and m[owners + f] = c and m[owners + l] = c
    and b.last = n[4 * f - 3] and b.nth = n[a + 1]
    and b.posted = n[4 * f - 2] and b.out_ = n[4 * f - 1] and b.in_ = n[4 * f]
    and b.floor is not distinct from ledger.some(n[a + 2])
    and b.ceiling is not distinct from ledger.some(n[a + 3]) and b.state = n[a + 4]
    and (p_marks or n[a + 1] / 64 = (n[a + 1] + l - f) / 64);
  get diagnostics done = row_count;
  if done <> p_accounts then perform ledger.does_not_follow(p_book, p_seq); end if;

  if p_marks then
    insert into ledger.milestone (book, account, seq, nth)
    select p_book, account, n[4 * k - 3], nth + k - f
    from (select n[accounts + 5 * c] as account, n[accounts + 5 * c + 1] as nth, m[lasts + c - 1] + 1 as f, m[lasts + c] as l
          from generate_series(1, p_accounts) as c
          where n[accounts + 5 * c + 1] / 64 < (n[accounts + 5 * c + 1] + m[lasts + c] - m[lasts + c - 1] - 1) / 64
          offset 0) as moved,
         generate_series(f + 64 - (nth % 64)::integer, l, 64) as k;
  end if;
  seq := p_seq + added; answer := 'appended'; return next;
exception when unique_violation then
  get stacked diagnostics broken = constraint_name;
  if broken <> 'entry_id_once' then raise; end if;
  seq := p_seq; answer := 'known'; return next;
end $function$;

CREATE OR REPLACE FUNCTION ledger.move_balances(p_book integer, p_seq bigint, n bigint[], p_moved integer[], p_marks integer[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  moved integer;
  marks bigint;
begin
  with moved as (
    update ledger.balance b
    set last = p_seq + (l + 21) / 28, nth = n[l + 4], posted = n[l + 5], out_ = n[l + 6], in_ = n[l + 7],
        floor = ledger.some(n[l + 8]), ceiling = ledger.some(n[l + 9]), state = n[l + 10],
        room = null
    from (
      select k, f, l, debits, case when n[o + 1] > 5 then f + 11 else f end as was,
             ledger.moves(n[o + 1], n[o + 3]) as moves, ledger.reserves(n[o + 1], n[o + 3], n[o + 5]) as reserves
      from (
        select k, p_moved[k] as f, p_moved[k + 1] as l, p_moved[k] % 28 = 7 as debits,
               p_moved[k] - case when p_moved[k] % 28 = 7 then 7 else 18 end as o
        from generate_series(1, cardinality(p_moved), 2) as k offset 0) as pair offset 0) as pair
    where b.book = p_book and b.account = n[l] and n[f] = n[l] and n[f + 2] = -k and n[l + 3] = 0
      and ledger.is_side(n, f) and ledger.is_side(n, l)
      and b.last = greatest(n[f + 1], 0) and b.nth = n[f + 4] - 1
      and b.posted = case when debits then n[f + 5] + moves else n[f + 5] - moves end
      and b.out_ = case when debits then n[f + 6] - reserves else n[f + 6] end
      and b.in_ = case when debits then n[f + 7] else n[f + 7] - reserves end
      and b.floor is not distinct from ledger.some(n[was + 8])
      and b.ceiling is not distinct from ledger.some(n[was + 9]) and b.state = n[was + 10]
    returning n[l + 4] / 64 - (n[f + 4] - 1) / 64 as marks)
  select count(*), coalesce(sum(m.marks), 0) into moved, marks from moved m;
  if 2 * moved <> cardinality(p_moved) or marks <> cardinality(p_marks)
  then perform ledger.does_not_follow(p_book, p_seq); end if;
  if marks > 0 then
    insert into ledger.milestone (book, account, seq, nth)
    select p_book, n[side], p_seq + (side + 21) / 28, n[side + 4]
    from unnest(p_marks) as side where ledger.is_side(n, side);
    get diagnostics moved = row_count;
    if moved <> marks then perform ledger.does_not_follow(p_book, p_seq); end if;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION ledger.move_others(p_book integer, p_seq bigint, p_at timestamp with time zone, p_accounts integer, m integer[], n bigint[], p_ids uuid[], p_hashes bytea, p_events text[], p_subjects text[], p_number integer)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  added integer := cardinality(p_ids);
  slots integer := 2 * added + p_accounts;
  owners integer := 5 * added;
  accounts integer := 4 * slots - 4;
  minors integer := 4 * slots + 5 * p_accounts;
  done integer;
begin
  insert into ledger.entry
  select p_book, seq, p_ids[i], kind, p_at, p_events[m[5 * i - 3]], subject, minor, pend, pended,
         -- By the hour: PostgreSQL multiplies as float8, which has no milliseconds of the year 9999.
         timestamptz 'epoch' + expires / 3600000 * interval '1 hour' + expires % 3600000 * interval '1 millisecond',
         n[debit], n[d - 4], n[d + 1], n[d + 2], n[d + 3], ledger.some(n[debit + 2]), ledger.some(n[debit + 3]), n[debit + 4],
         n[credit], n[c - 4], n[c + 1], n[c + 2], n[c + 3], ledger.some(n[credit + 2]), ledger.some(n[credit + 3]), n[credit + 4],
         substr(p_hashes, 32 * i - 31, 32)
  from (
    select line.*, ledger.moves(kind, minor) as moves, ledger.reserves(kind, minor, pended) as reserves
    from (
      select subject, i, m[5 * i - 4] as kind, p_seq + i as seq, n[minors + i] as minor, 4 * debit - 3 as d, 4 * credit - 3 as c,
             accounts + 5 * m[owners + debit] as debit, accounts + 5 * m[owners + credit] as credit,
             ledger.some(n[more]) as pend, ledger.some(n[more + 1]) as pended, ledger.some(n[more + 2]) as expires
      from (select subject, i::integer as i, m[5 * i::integer - 2] as debit, m[5 * i::integer - 1] as credit,
                   m[5 * i::integer] as more
            from unnest(p_subjects) with ordinality as line (subject, i) offset 0) as line
      where m[5 * i - 4] between 2 and 5 and more > minors
        and debit between 2 and slots and m[owners + debit] = m[owners + debit - 1]
        and credit between 2 and slots and m[owners + credit] = m[owners + credit - 1] offset 0) as line offset 0) as line
  where n[d] = seq and n[d - 4] < seq and n[d + 1] = n[d - 3] - moves and n[d + 2] = n[d - 2] + reserves and n[d + 3] = n[d - 1]
    and n[c] = seq and n[c - 4] < seq and n[c + 1] = n[c - 3] + moves and n[c + 2] = n[c - 2] and n[c + 3] = n[c - 1] + reserves
    and (kind < 4 or minor = pended) and (kind = 2 or pend < seq);
  get diagnostics done = row_count;
  if done <> p_number then perform ledger.does_not_follow(p_book, p_seq); end if;
  perform ledger.keep_due(p_book, p_seq);
end $function$;

CREATE OR REPLACE FUNCTION ledger.moves(kind bigint, minor bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN CASE WHEN ((kind = 1) OR (kind = 3)) THEN minor ELSE (0)::bigint END;

CREATE OR REPLACE FUNCTION ledger.open_book(p_book integer, p_currency text, p_head bytea, p_at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
begin
  insert into ledger.book (book, currency, seq, at, head)
  values (p_book, p_currency, 0, p_at, p_head) on conflict do nothing;
  if not exists (select from ledger.book where book = p_book and currency = p_currency) then
    raise exception 'Book % is kept in another currency', p_book using errcode = 'check_violation';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION ledger.openings(p_book integer, p_seq bigint)
 RETURNS TABLE(seq bigint, account bigint, nth bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
  with later as (
    select side.account, count(*) as entries, max(side.prev) filter (where side.prev <= p_seq) as opening
    from (
      select e.debit, e.debit_prev from ledger.entry e where e.book = p_book and e.seq > p_seq and e.debit is not null
      union all
      select e.credit, e.credit_prev from ledger.entry e where e.book = p_book and e.seq > p_seq and e.credit is not null
    ) as side (account, prev) group by side.account
  )
  select case when l.account is null then b.last else l.opening end, b.account, b.nth - coalesce(l.entries, 0)
  from ledger.balance b left join later l on l.account = b.account
  where b.book = p_book and (l.account is null or l.opening is not null)
  union all
  select p.seq, null, null from ledger.entry p
  where p.book = p_book and p.seq <= p_seq and p.kind in (2, 11)
    and not exists (select from ledger.entry e where e.book = p.book and e.pend = p.seq and e.seq <= p_seq)
  union all
  select p_seq, null, null
$function$;

CREATE OR REPLACE FUNCTION ledger.refuse_archived(p_book integer, p_ids uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  if exists (select from unnest(p_ids) as asked (id) join ledger.archived a on a.book = p_book and a.id = asked.id)
  then raise unique_violation using constraint = 'entry_id_once'; end if;
end $function$;

CREATE OR REPLACE FUNCTION ledger.refuse_to_rewrite_history()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  raise exception 'History is only added to, never changed: %.%', tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION ledger.refuse_unless_archived()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  may boolean;
begin
  if tg_table_name = 'opening' then
    may := exists (select from ledger.archive a where a.book = old.book and a.seq > old.archive);
  else
    may := exists (select from ledger.archive a where a.book = old.book and a.seq >= old.seq);
    if tg_table_name = 'entry' then
      may := may and exists (select from ledger.archived a where a.book = old.book and a.id = old.id and a.seq = old.seq);
    end if;
  end if;
  if may then return old; end if;
  raise exception 'History is only added to, never changed: %.%', tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION ledger.reserves(kind bigint, minor bigint, pended bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN CASE kind WHEN 1 THEN (0)::bigint WHEN 2 THEN minor WHEN 3 THEN (- pended) WHEN 4 THEN (- minor) WHEN 5 THEN (- minor) ELSE (0)::bigint END;

CREATE OR REPLACE FUNCTION ledger.seq_at(p_book integer, p_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  low bigint;
  high bigint;
  middle bigint;
begin
  select b.archived, b.seq into low, high from ledger.book b where b.book = p_book;
  if low > 0 and p_at < (select e.at from ledger.entry e where e.book = p_book and e.seq = low) then return null; end if;
  while low < high loop
    middle := (low + high + 1) / 2;
    if (select e.at from ledger.entry e where e.book = p_book and e.seq = middle) <= p_at
    then low := middle; else high := middle - 1; end if;
  end loop;
  return low;
end $function$;

CREATE OR REPLACE FUNCTION ledger."some"(number bigint)
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
RETURN NULLIF(number, '-9223372036854775808'::bigint);

CREATE OR REPLACE FUNCTION ledger.state_at(p_book integer, p_ref text, p_seq bigint)
 RETURNS TABLE(ref text, account bigint, last bigint, posted bigint, out_ bigint, in_ bigint, floor bigint, ceiling bigint, state smallint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
  select a.ref, a.account, e.seq, s.*
  from ledger.account a
  cross join lateral (
    select seq from ledger.lines(p_book, a.account, 0, p_seq + 1, 1) as line (seq) offset 0) as line
  cross join lateral (
    select * from ledger.entry e where e.book = p_book and e.seq = line.seq offset 0) as e
  cross join lateral (
    select e.debit_posted, e.debit_out, e.debit_in, e.debit_floor, e.debit_ceiling, e.debit_state
    where e.debit = a.account
    union all
    select e.credit_posted, e.credit_out, e.credit_in, e.credit_floor, e.credit_ceiling, e.credit_state
    where e.credit = a.account) as s
  where a.book = p_book and a.ref = p_ref
$function$;

CREATE OR REPLACE FUNCTION ledger.states(p_book integer, p_refs text[])
 RETURNS TABLE(ref text, account bigint, last bigint, nth bigint, posted bigint, out_ bigint, in_ bigint, floor bigint, ceiling bigint, state smallint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
  select wanted.ref, a.account, b.last, b.nth, b.posted, b.out_, b.in_, b.floor, b.ceiling, b.state
  from unnest(p_refs) as wanted (ref)
  cross join lateral (
    select a.account from ledger.account a where a.book = p_book and a.ref = wanted.ref offset 0) as a
  cross join lateral (
    select b.* from ledger.balance b where b.book = p_book and b.account = a.account offset 0) as b
$function$;

CREATE OR REPLACE FUNCTION ledger.tail(p_book integer, p_after bigint)
 RETURNS TABLE(ref text, account bigint, last bigint, nth bigint, posted bigint, out_ bigint, in_ bigint, floor bigint, ceiling bigint, state smallint, ended uuid)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
  select a.ref, b.account, b.last, b.nth, b.posted, b.out_, b.in_, b.floor, b.ceiling, b.state, null::uuid
  from (
    select e.debit from ledger.entry e where e.book = p_book and e.seq > p_after and e.debit is not null
    union
    select e.credit from ledger.entry e where e.book = p_book and e.seq > p_after and e.credit is not null
  ) as moved (account)
  join ledger.balance b on b.book = p_book and b.account = moved.account
  join ledger.account a on a.book = p_book and a.account = moved.account
  union all
  select null, null, null, null, null, null, null, null, null, null, p.id
  from (select e.pend from ledger.entry e where e.book = p_book and e.seq > p_after offset 0) as e
  join ledger.entry p on p.book = p_book and p.seq = e.pend
$function$;

CREATE OR REPLACE FUNCTION ledger.takes_up(n bigint[], p_moved integer[], p_seq bigint, here integer, there integer, nth bigint, posted bigint, out_ bigint, in_ bigint, floor bigint, ceiling bigint, state bigint)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN CASE WHEN (there < 0) THEN (((p_moved)[(- there)] = here) AND ((there % 2) <> 0)) ELSE (((n)[(there + 3)] = here) AND ((n)[there] = (n)[here]) AND (there < here) AND ((n)[(here + 1)] = (p_seq + ((there + 21) / 28))) AND ledger.is_side(n, there) AND ((n)[(there + 4)] = nth) AND ((n)[(there + 5)] = posted) AND ((n)[(there + 6)] = out_) AND ((n)[(there + 7)] = in_) AND ((n)[(there + 8)] = floor) AND ((n)[(there + 9)] = ceiling) AND ((n)[(there + 10)] = state)) END;

CREATE OR REPLACE FUNCTION ledger.unsealed(p_entries bigint, p_age interval)
 RETURNS TABLE(book integer, seq bigint, head bytea, at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  select b.book, b.seq, b.head, date_trunc('milliseconds', clock_timestamp())
  from ledger.book b
  left join lateral (
    select s.seq, s.at from ledger.seal s where s.book = b.book order by s.seq desc limit 1
  ) as last on true
  where b.seq > coalesce(last.seq, 0)
    and (last.seq is null or b.seq - last.seq >= p_entries or last.at <= clock_timestamp() - p_age)
  order by b.book
$function$;

grant usage on schema ledger to bursar_app;
grant usage on schema ledger to bursar_report;
grant select on ledger.account to bursar_app;
grant select on ledger.account to bursar_report;
grant select on ledger.archive to bursar_app;
grant select on ledger.archive to bursar_report;
grant select on ledger.archived to bursar_app;
grant select on ledger.archived to bursar_report;
grant select on ledger.balance to bursar_app;
grant select on ledger.balance to bursar_report;
grant select on ledger.book to bursar_app;
grant select on ledger.book to bursar_report;
grant select on ledger.demo to bursar_app;
grant select on ledger.demo to bursar_report;
grant select on ledger.due to bursar_app;
grant select on ledger.due to bursar_report;
grant select on ledger.entry to bursar_app;
grant select on ledger.entry to bursar_report;
grant select on ledger.milestone to bursar_app;
grant select on ledger.milestone to bursar_report;
grant select on ledger.opening to bursar_app;
grant select on ledger.opening to bursar_report;
grant select on ledger.readable to bursar_app;
grant select on ledger.readable to bursar_report;
grant select on ledger.recalled to bursar_app;
grant select on ledger.recalled to bursar_report;
grant select on ledger.seal to bursar_app;
grant select on ledger.seal to bursar_report;
grant execute on function ledger.append(integer,bigint,bytea,timestamp with time zone,bigint[],integer[],integer[],uuid[],bytea,text[],text[],text[]) to bursar_app;
grant execute on function ledger.bars(integer,text) to bursar_app;
grant execute on function ledger.bars(integer,text) to bursar_report;
grant execute on function ledger.confirm(integer,bigint,bytea,timestamp with time zone) to bursar_app;
grant execute on function ledger.keep_seal(integer,bigint,bytea,timestamp with time zone,bytea,bytea) to bursar_app;
grant execute on function ledger.lines(integer,bigint,bigint,bigint,integer,boolean) to bursar_app;
grant execute on function ledger.lines(integer,bigint,bigint,bigint,integer,boolean) to bursar_report;
grant execute on function ledger.lock_book(integer) to bursar_app;
grant execute on function ledger.move(integer,bigint,bytea,timestamp with time zone,integer,boolean,integer[],bigint[],uuid[],bytea,text[],text[]) to bursar_app;
grant execute on function ledger.open_book(integer,text,bytea,timestamp with time zone) to bursar_app;
grant execute on function ledger.seq_at(integer,timestamp with time zone) to bursar_app;
grant execute on function ledger.seq_at(integer,timestamp with time zone) to bursar_report;
grant execute on function ledger.state_at(integer,text,bigint) to bursar_app;
grant execute on function ledger.state_at(integer,text,bigint) to bursar_report;
grant execute on function ledger.states(integer,text[]) to bursar_app;
grant execute on function ledger.states(integer,text[]) to bursar_report;
grant execute on function ledger.tail(integer,bigint) to bursar_app;
grant execute on function ledger.tail(integer,bigint) to bursar_report;
grant execute on function ledger.unsealed(bigint,interval) to bursar_app;

-- parties -----------------------------------------------------------------------------------------

create schema parties;

create table parties.api_key (
  id text not null,
  merchant text not null,
  name text not null,
  scopes text[] not null,
  made_by text not null,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  used_at timestamp with time zone,
  ended_by text,
  ended_at timestamp with time zone,
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES parties.person(id),
  constraint api_key_made_by_fkey FOREIGN KEY (made_by) REFERENCES parties.person(id),
  constraint api_key_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint a_key_allows_something CHECK (((cardinality(scopes) >= 1) AND (cardinality(scopes) <= 20))),
  constraint a_key_expires_after_it_was_made CHECK ((expires_at > made_at)),
  constraint an_end_has_its_hand_and_its_time CHECK (((ended_by IS NULL) = (ended_at IS NULL))),
  constraint api_key_id_check CHECK ((id ~~ 'key\_%'::text)),
  constraint api_key_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
  constraint scopes_are_known CHECK ((scopes <@ ARRAY['orders:read'::text, 'orders:write'::text, 'spends:read'::text, 'refunds:write'::text, 'events:read'::text]))
);
CREATE INDEX api_key_of_merchant ON parties.api_key USING btree (merchant, made_at DESC, id DESC);

create table parties.api_key_secret (
  digest text not null,
  api_key text not null,
  hint text not null,
  made_at timestamp with time zone not null,
  ends_at timestamp with time zone,
  constraint api_key_secret_pkey PRIMARY KEY (digest),
  constraint api_key_secret_api_key_fkey FOREIGN KEY (api_key) REFERENCES parties.api_key(id),
  constraint api_key_secret_digest_check CHECK ((length(digest) = 43)),
  constraint api_key_secret_hint_check CHECK ((hint ~ '^bk_[0-9a-z]{8}$'::text))
);
CREATE UNIQUE INDEX a_key_has_one_newest_secret ON parties.api_key_secret USING btree (api_key) WHERE (ends_at IS NULL);
CREATE INDEX api_key_secret_of_key ON parties.api_key_secret USING btree (api_key, made_at DESC);

create table parties.institution (
  id text not null,
  kind text not null,
  name text not null,
  founded_at timestamp with time zone not null default now(),
  constraint institution_pkey PRIMARY KEY (id),
  constraint institution_id_check CHECK ((id ~~ 'ins\_%'::text)),
  constraint institution_kind_check CHECK ((kind = ANY (ARRAY['operator'::text, 'bank'::text, 'supervisor'::text]))),
  constraint institution_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80)))
);

create table parties.merchant (
  id text not null,
  name text not null,
  trade text not null,
  licence text not null,
  representative text not null,
  address text not null,
  payee_bank text not null,
  payee_account text not null,
  payee_name text not null,
  confirms_spends boolean not null default false,
  state text not null default 'applicant'::text,
  applied_by text not null,
  applied_at timestamp with time zone not null default now(),
  constraint merchant_pkey PRIMARY KEY (id),
  constraint merchant_id_applied_by_key UNIQUE (id, applied_by),
  constraint merchant_applied_by_fkey FOREIGN KEY (applied_by) REFERENCES parties.person(id),
  constraint merchant_address_check CHECK (((length(address) >= 1) AND (length(address) <= 200))),
  constraint merchant_id_check CHECK ((id ~~ 'mer\_%'::text)),
  constraint merchant_licence_check CHECK (((length(licence) >= 1) AND (length(licence) <= 40))),
  constraint merchant_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
  constraint merchant_payee_account_check CHECK (((length(payee_account) >= 1) AND (length(payee_account) <= 40))),
  constraint merchant_payee_bank_check CHECK (((length(payee_bank) >= 1) AND (length(payee_bank) <= 80))),
  constraint merchant_payee_name_check CHECK (((length(payee_name) >= 1) AND (length(payee_name) <= 80))),
  constraint merchant_representative_check CHECK (((length(representative) >= 1) AND (length(representative) <= 80))),
  constraint merchant_trade_check CHECK ((trade = ANY (ARRAY['hair'::text, 'fitness'::text, 'bathhouse'::text, 'teahouse'::text, 'netcafe'::text, 'carwash'::text, 'tutoring'::text, 'laundry'::text, 'nursery'::text, 'restaurant'::text, 'onecard'::text]))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['applicant'::text, 'active'::text, 'suspended'::text, 'closed'::text, 'rejected'::text])))
);
CREATE INDEX merchant_by_state ON parties.merchant USING btree (state, id DESC);
CREATE INDEX merchant_by_trade ON parties.merchant USING btree (trade, id DESC);
CREATE UNIQUE INDEX one_merchant_per_licence ON parties.merchant USING btree (licence) WHERE (state <> ALL (ARRAY['rejected'::text, 'closed'::text]));

create table parties.merchant_step (
  merchant text not null,
  n integer not null,
  name text not null,
  state text not null,
  taken_by text not null,
  applied_by text not null,
  reason text,
  taken_at timestamp with time zone not null default now(),
  constraint merchant_step_pkey PRIMARY KEY (merchant, n),
  constraint merchant_step_merchant_applied_by_fkey FOREIGN KEY (merchant, applied_by) REFERENCES parties.merchant(id, applied_by),
  constraint merchant_step_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES parties.person(id),
  constraint a_refusal_has_a_reason CHECK (((name <> ALL (ARRAY['reject'::text, 'suspend'::text])) OR (reason IS NOT NULL))),
  constraint merchant_step_n_check CHECK ((n > 0)),
  constraint merchant_step_name_check CHECK ((name = ANY (ARRAY['apply'::text, 'approve'::text, 'reject'::text, 'suspend'::text, 'resume'::text, 'close'::text, 'change'::text]))),
  constraint merchant_step_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
  constraint nobody_decides_their_own_merchant CHECK (((name = ANY (ARRAY['apply'::text, 'change'::text, 'close'::text])) OR (taken_by <> applied_by)))
);

create table parties.nomination (
  id text not null,
  institution text not null,
  person text not null,
  role text not null,
  nominated_by text not null,
  nominated_at timestamp with time zone not null,
  state text not null default 'open'::text,
  ended_by text,
  ended_at timestamp with time zone,
  constraint nomination_pkey PRIMARY KEY (id),
  constraint nomination_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES parties.person(id),
  constraint nomination_institution_fkey FOREIGN KEY (institution) REFERENCES parties.institution(id),
  constraint nomination_nominated_by_fkey FOREIGN KEY (nominated_by) REFERENCES parties.person(id),
  constraint nomination_person_fkey FOREIGN KEY (person) REFERENCES parties.person(id),
  constraint an_acceptance_waits_a_day CHECK (((state <> 'accepted'::text) OR (ended_at >= (nominated_at + '24:00:00'::interval)))),
  constraint an_end_has_its_hand_and_its_time CHECK ((((state = 'open'::text) = (ended_by IS NULL)) AND ((state = 'open'::text) = (ended_at IS NULL)))),
  constraint nobody_confirms_what_they_nominated CHECK (((state <> 'confirmed'::text) OR ((ended_by <> nominated_by) AND (ended_by <> person)))),
  constraint nobody_nominates_themselves CHECK ((nominated_by <> person)),
  constraint nomination_id_check CHECK ((id ~~ 'nom\_%'::text)),
  constraint nomination_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'reviewer'::text, 'custodian'::text, 'supervisor'::text]))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['open'::text, 'confirmed'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text]))),
  constraint who_is_nominated_accepts CHECK (((state <> 'accepted'::text) OR (ended_by = person))),
  constraint who_nominated_withdraws CHECK (((state <> 'withdrawn'::text) OR (ended_by = nominated_by)))
);
CREATE UNIQUE INDEX a_seat_is_nominated_once ON parties.nomination USING btree (institution, person, role) WHERE (state = 'open'::text);
CREATE INDEX nomination_of_institution ON parties.nomination USING btree (institution, nominated_at DESC);
CREATE INDEX nomination_of_person ON parties.nomination USING btree (person, nominated_at DESC);

create table parties.operator_licence (
  id text not null,
  operator text not null,
  kind text not null,
  number text not null,
  valid_from date not null,
  valid_to date not null,
  paper text,
  state text not null default 'entered'::text,
  entered_by text not null,
  entered_at timestamp with time zone not null default now(),
  decided_by text,
  decided_at timestamp with time zone,
  revoked_by text,
  revoked_at timestamp with time zone,
  reason text,
  constraint operator_licence_pkey PRIMARY KEY (id),
  constraint operator_licence_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES parties.person(id),
  constraint operator_licence_entered_by_fkey FOREIGN KEY (entered_by) REFERENCES parties.person(id),
  constraint operator_licence_operator_fkey FOREIGN KEY (operator) REFERENCES parties.institution(id),
  constraint operator_licence_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES parties.person(id),
  constraint a_decision_has_its_hand_and_its_time CHECK ((((state = 'entered'::text) = (decided_by IS NULL)) AND ((state = 'entered'::text) = (decided_at IS NULL)))),
  constraint a_licence_ends_after_it_begins CHECK ((valid_to >= valid_from)),
  constraint a_no_has_a_reason CHECK (((state = ANY (ARRAY['rejected'::text, 'revoked'::text])) = (reason IS NOT NULL))),
  constraint a_revocation_has_its_hand_and_its_time CHECK ((((state = 'revoked'::text) = (revoked_by IS NOT NULL)) AND ((state = 'revoked'::text) = (revoked_at IS NOT NULL)))),
  constraint nobody_decides_the_licence_that_they_entered CHECK (((state <> ALL (ARRAY['approved'::text, 'rejected'::text, 'revoked'::text])) OR (decided_by <> entered_by))),
  constraint operator_licence_id_check CHECK ((id ~~ 'lic\_%'::text)),
  constraint operator_licence_kind_check CHECK ((kind = ANY (ARRAY['stored_value_account'::text, 'multi_purpose_prepaid_card'::text]))),
  constraint operator_licence_number_check CHECK (((length(number) >= 1) AND (length(number) <= 60))),
  constraint operator_licence_paper_check CHECK ((paper ~ '^[0-9a-f]{64}$'::text)),
  constraint operator_licence_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['entered'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text, 'revoked'::text]))),
  constraint who_entered_withdraws CHECK (((state <> 'withdrawn'::text) OR (decided_by = entered_by)))
);
CREATE UNIQUE INDEX a_licence_stands_once ON parties.operator_licence USING btree (kind, number, valid_from) WHERE (state = ANY (ARRAY['entered'::text, 'approved'::text]));
CREATE INDEX licence_by_state ON parties.operator_licence USING btree (state, id);

create table parties.outlet (
  id text not null,
  merchant text not null,
  name text not null,
  address text not null,
  zone text not null default 'Asia/Shanghai'::text,
  opened_at timestamp with time zone not null default now(),
  constraint outlet_pkey PRIMARY KEY (id),
  constraint outlet_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint outlet_address_check CHECK (((length(address) >= 1) AND (length(address) <= 200))),
  constraint outlet_id_check CHECK ((id ~~ 'out\_%'::text)),
  constraint outlet_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80)))
);
CREATE INDEX outlet_of_merchant ON parties.outlet USING btree (merchant, id);

create table parties.person (
  id text not null,
  name text not null,
  phone text,
  email text,
  password text,
  locale text not null,
  registered_at timestamp with time zone not null default now(),
  constraint person_pkey PRIMARY KEY (id),
  constraint one_person_per_email UNIQUE (email),
  constraint one_person_per_phone UNIQUE (phone),
  constraint a_phone_is_written_e164 CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
  constraint an_email_is_lower_case CHECK (((email = lower(email)) AND (email ~~ '%_@_%'::text))),
  constraint person_id_check CHECK ((id ~~ 'per\_%'::text)),
  constraint person_locale_check CHECK ((locale = ANY (ARRAY['zh-CN'::text, 'en'::text]))),
  constraint person_name_check CHECK (((length(name) >= 1) AND (length(name) <= 80))),
  constraint somebody_can_be_reached CHECK (((phone IS NOT NULL) OR (email IS NOT NULL)))
);

create table parties.seat (
  organisation text not null,
  person text not null,
  role text not null,
  given_by text,
  given_at timestamp with time zone not null default now(),
  ended_by text,
  ended_at timestamp with time zone,
  constraint seat_pkey PRIMARY KEY (organisation, person, role, given_at),
  constraint seat_person_fkey FOREIGN KEY (person) REFERENCES parties.person(id),
  constraint a_role_fits_its_organisation CHECK ((((organisation ~~ 'mer\_%'::text) AND (role = ANY (ARRAY['owner'::text, 'staff'::text]))) OR ((organisation ~~ 'ins\_%'::text) AND (role = ANY (ARRAY['admin'::text, 'reviewer'::text, 'custodian'::text, 'supervisor'::text]))))),
  constraint a_seat_ends_after_it_began CHECK ((ended_at >= given_at))
);
CREATE UNIQUE INDEX a_seat_is_held_once ON parties.seat USING btree (organisation, person, role) WHERE (ended_at IS NULL);
CREATE INDEX seat_of_administrator ON parties.seat USING btree (person) WHERE (role = 'admin'::text);
CREATE INDEX seat_of_person ON parties.seat USING btree (person) WHERE (ended_at IS NULL);

create table parties.session (
  id text not null,
  person text not null,
  token_hash text not null,
  agent text not null,
  address text not null,
  started_at timestamp with time zone not null,
  seen_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint session_pkey PRIMARY KEY (id),
  constraint a_token_opens_one_session UNIQUE (token_hash),
  constraint session_person_fkey FOREIGN KEY (person) REFERENCES parties.person(id),
  constraint a_session_ends CHECK ((ends_at > started_at)),
  constraint session_address_check CHECK ((length(address) <= 64)),
  constraint session_agent_check CHECK ((length(agent) <= 300)),
  constraint session_id_check CHECK ((id ~~ 'ses\_%'::text))
);
CREATE INDEX session_of_person ON parties.session USING btree (person, started_at DESC);

create table parties.set_up (
  once boolean not null default true,
  operator text not null,
  done_by text not null,
  done_at timestamp with time zone not null default now(),
  constraint set_up_pkey PRIMARY KEY (once),
  constraint set_up_done_by_fkey FOREIGN KEY (done_by) REFERENCES parties.person(id),
  constraint set_up_operator_fkey FOREIGN KEY (operator) REFERENCES parties.institution(id),
  constraint set_up_once_check CHECK (once)
);

create table parties.till (
  id text not null,
  merchant text not null,
  outlet text not null,
  name text not null,
  opened_at timestamp with time zone not null default now(),
  closed_at timestamp with time zone,
  constraint till_pkey PRIMARY KEY (id),
  constraint a_till_stands_in_one_outlet UNIQUE (outlet, id),
  constraint till_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint till_outlet_fkey FOREIGN KEY (outlet) REFERENCES parties.outlet(id),
  constraint a_till_closes_after_it_opened CHECK ((closed_at >= opened_at)),
  constraint till_id_check CHECK ((id ~~ 'til\_%'::text)),
  constraint till_name_check CHECK (((length(name) >= 1) AND (length(name) <= 40)))
);
CREATE UNIQUE INDEX a_till_is_named_once ON parties.till USING btree (outlet, name) WHERE (closed_at IS NULL);
CREATE INDEX till_of_merchant ON parties.till USING btree (merchant, id);

create table parties.till_name (
  till text not null,
  n integer not null,
  name text not null,
  renamed_by text not null,
  renamed_at timestamp with time zone not null,
  constraint till_name_pkey PRIMARY KEY (till, n),
  constraint till_name_renamed_by_fkey FOREIGN KEY (renamed_by) REFERENCES parties.person(id),
  constraint till_name_till_fkey FOREIGN KEY (till) REFERENCES parties.till(id),
  constraint till_name_n_check CHECK ((n > 0)),
  constraint till_name_name_check CHECK (((length(name) >= 1) AND (length(name) <= 40)))
);

create table parties.wrong_try (
  subject text not null,
  tries integer not null,
  since timestamp with time zone not null,
  locked_until timestamp with time zone,
  constraint wrong_try_pkey PRIMARY KEY (subject),
  constraint wrong_try_subject_check CHECK (((subject ~ '^(login|address|person):'::text) AND (length(subject) <= 300))),
  constraint wrong_try_tries_check CHECK ((tries >= 0))
);
CREATE INDEX wrong_try_by_age ON parties.wrong_try USING btree (since);

CREATE TRIGGER api_key_ends_once BEFORE UPDATE ON parties.api_key FOR EACH ROW EXECUTE FUNCTION parties.check_api_key();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON parties.api_key FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER api_key_secret_ends BEFORE UPDATE ON parties.api_key_secret FOR EACH ROW EXECUTE FUNCTION parties.check_api_key_secret();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON parties.institution FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER merchant_takes_a_step BEFORE UPDATE OF state ON parties.merchant FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION parties.check_life();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name, representative, payee_name ON parties.merchant FOR EACH ROW WHEN ((parties.is_unseen(new.name) OR parties.is_unseen(new.representative) OR parties.is_unseen(new.payee_name))) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER merchant_step_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON parties.merchant_step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER step_is_taken_by_somebody_else AFTER INSERT ON parties.merchant_step FOR EACH ROW EXECUTE FUNCTION parties.check_decider();
CREATE TRIGGER nomination_is_kept BEFORE DELETE OR TRUNCATE ON parties.nomination FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER nomination_keeps_to_the_clock BEFORE INSERT OR UPDATE ON parties.nomination FOR EACH ROW EXECUTE FUNCTION parties.check_nomination_clock();
CREATE TRIGGER nomination_takes_a_step BEFORE INSERT OR UPDATE ON parties.nomination FOR EACH ROW EXECUTE FUNCTION parties.check_nomination();
CREATE TRIGGER licence_is_kept BEFORE DELETE OR TRUNCATE ON parties.operator_licence FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER licence_takes_a_step BEFORE INSERT OR UPDATE ON parties.operator_licence FOR EACH ROW EXECUTE FUNCTION parties.check_licence();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON parties.outlet FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON parties.person FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER institution_seat_is_given BEFORE INSERT ON parties.seat FOR EACH ROW WHEN (starts_with(new.organisation, 'ins_'::text)) EXECUTE FUNCTION parties.check_seat();
CREATE TRIGGER seat_ends_once BEFORE UPDATE ON parties.seat FOR EACH ROW WHEN ((old.ended_at IS NOT NULL)) EXECUTE FUNCTION parties.check_seat_end();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON parties.till FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER till_is_its_merchants BEFORE INSERT ON parties.till FOR EACH ROW EXECUTE FUNCTION parties.check_till();
CREATE TRIGGER till_is_renamed_by_somebody BEFORE UPDATE OF name ON parties.till FOR EACH ROW WHEN ((old.name <> new.name)) EXECUTE FUNCTION parties.check_till_name();
CREATE TRIGGER till_name_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON parties.till_name FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();

CREATE OR REPLACE FUNCTION parties.check_api_key()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if old.ended_at is not null and (new.ended_at, new.ended_by) is distinct from (old.ended_at, old.ended_by) then
    raise exception '% has ended', old.id
      using errcode = 'check_violation', constraint = 'a_key_that_ended_stays_ended';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION parties.check_api_key_secret()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if old.ends_at is not null and (new.ends_at is null or new.ends_at > old.ends_at) then
    raise exception 'A secret of % ends at %', old.api_key, old.ends_at
      using errcode = 'check_violation', constraint = 'an_end_is_never_put_off';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION parties.check_decider()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if new.name not in ('apply', 'change') and exists (
    select from parties.seat
    where organisation = new.merchant and person = new.taken_by and ended_at is null)
  then
    raise exception '% has a seat at %', new.taken_by, new.merchant
      using errcode = 'check_violation', constraint = 'no_decider_sits_at_the_merchant';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION parties.check_licence()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if tg_op = 'INSERT' and new.state <> 'entered' then
    raise exception '% was never entered', new.id
      using errcode = 'check_violation', constraint = 'a_licence_begins_entered';
  end if;
  if tg_op = 'UPDATE' and (old.state, new.state) not in (
    ('entered', 'approved'), ('entered', 'rejected'), ('entered', 'withdrawn'), ('approved', 'revoked'))
  then
    raise exception '% does not become %', old.state, new.state
      using errcode = 'check_violation', constraint = 'only_known_steps_are_taken';
  end if;
  if tg_op = 'UPDATE' and old.state = 'approved'
    and (new.decided_by, new.decided_at) is distinct from (old.decided_by, old.decided_at)
  then
    raise exception 'Who approved % stays', new.id
      using errcode = 'check_violation', constraint = 'an_approval_stays';
  end if;
  if not exists (
    select from parties.seat s join parties.institution i on i.id = s.organisation
    where s.person = case new.state when 'entered' then new.entered_by
                                    when 'revoked' then new.revoked_by else new.decided_by end
      and s.organisation = new.operator and i.kind = 'operator' and s.ended_at is null
      and (s.role = 'admin' or s.role = 'reviewer' and new.state <> 'entered'))
  then
    raise exception 'Not seated at the operator %', new.operator
      using errcode = 'check_violation', constraint = 'who_has_a_say_sits_at_the_operator';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION parties.check_life()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if (old.state, new.state) not in (
    ('applicant', 'active'), ('applicant', 'rejected'), ('active', 'suspended'), ('suspended', 'active'),
    ('active', 'closed'), ('suspended', 'closed'))
  then
    raise exception 'From % no step leads to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'only_known_steps_are_taken';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION parties.check_nomination()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  elsewhere boolean := exists (
    select from parties.institution i where i.id = new.institution and i.kind <> 'operator');
begin
  if tg_op = 'INSERT' and new.state <> 'open' then
    raise exception '% was never open', new.id
      using errcode = 'check_violation', constraint = 'a_nomination_begins_open';
  end if;
  if tg_op = 'UPDATE' and old.state <> 'open' then
    raise exception '% has ended', old.id
      using errcode = 'check_violation', constraint = 'a_nomination_ends_once';
  end if;
  if new.state in ('open', 'confirmed', 'accepted') and not exists (
    select from parties.seat s
    where s.person = new.nominated_by and s.role = 'admin' and s.ended_at is null)
  then
    raise exception '% is no administrator', new.nominated_by
      using errcode = 'check_violation', constraint = 'an_administrator_nominates';
  end if;
  if new.state = 'confirmed' and not exists (
    select from parties.seat s
    where s.person = new.ended_by and s.ended_at is null
      and (s.role = 'admin' or elsewhere and s.organisation = new.institution))
  then
    raise exception '% has no say over %', new.ended_by, new.institution
      using errcode = 'check_violation', constraint = 'who_confirms_has_a_say';
  end if;
  if new.state = 'accepted' and exists (
    select from parties.seat s
    where s.person not in (new.nominated_by, new.person)
      and coalesce(s.ended_at, 'infinity') > new.ended_at - interval '24 hours'
      and (s.role = 'admin' or elsewhere and s.organisation = new.institution))
  then
    raise exception 'Somebody could confirm %', new.id
      using errcode = 'check_violation', constraint = 'nobody_accepts_past_who_could_confirm';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION parties.check_nomination_clock()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if abs(extract(epoch from coalesce(new.ended_at, new.nominated_at) - clock_timestamp())) > 60
    and not exists (select from ledger.demo)
  then
    raise exception 'It is not % now', coalesce(new.ended_at, new.nominated_at)
      using errcode = 'check_violation', constraint = 'a_nomination_keeps_to_the_clock';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION parties.check_seat()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if new.given_by is null and exists (
    select from parties.seat s
    where s.organisation = new.organisation and s.given_by is not null)
  then
    raise exception 'People seat people at %', new.organisation
      using errcode = 'check_violation', constraint = 'the_installation_seats_only_the_first';
  end if;
  if new.given_by is not null and not exists (
    select from parties.nomination p
    where p.institution = new.organisation and p.person = new.person and p.role = new.role
      and p.nominated_by = new.given_by and p.ended_at = new.given_at
      and p.state in ('confirmed', 'accepted'))
  then
    raise exception 'Nobody confirmed that % sits at %', new.person, new.organisation
      using errcode = 'check_violation', constraint = 'an_institution_seat_was_confirmed';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION parties.check_seat_end()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  raise exception 'The seat of % at % has ended', old.person, old.organisation
    using errcode = 'check_violation', constraint = 'a_seat_that_ended_stays_ended';
end $function$;

CREATE OR REPLACE FUNCTION parties.check_till()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if not exists (select from parties.outlet o where o.id = new.outlet and o.merchant = new.merchant) then
    raise exception '% is no outlet of %', new.outlet, new.merchant
      using errcode = 'check_violation', constraint = 'a_till_is_its_merchants';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION parties.check_till_name()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if old.closed_at is not null then
    raise exception '% is closed', old.id
      using errcode = 'check_violation', constraint = 'a_closed_till_keeps_its_name';
  end if;
  if old.name is distinct from (
    select h.name from parties.till_name h where h.till = old.id order by h.n desc limit 1)
  then
    raise exception 'Nobody says who renamed %', old.id
      using errcode = 'check_violation', constraint = 'a_renamed_till_says_by_whom';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION parties.is_unseen(name text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog'
RETURN (name !~ '[^\u0001-\u0020\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufeff]'::text);

CREATE OR REPLACE FUNCTION parties.platform_scope_is_lawful(at timestamp with time zone DEFAULT clock_timestamp())
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
  select exists (
    select from parties.operator_licence l
    where l.state in ('approved', 'revoked') and l.decided_at <= at and (l.revoked_at is null or l.revoked_at > at)
      and (at at time zone 'Asia/Shanghai')::date between l.valid_from and l.valid_to)
$function$;

CREATE OR REPLACE FUNCTION parties.refuse_unseen_name()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  raise exception 'A name of % is of spaces alone', tg_table_name
    using errcode = 'check_violation', constraint = 'a_name_is_seen';
end $function$;

grant usage on schema parties to bursar_app;
grant usage on schema parties to bursar_report;
grant insert, select on parties.api_key to bursar_app;
grant select on parties.api_key to bursar_report;
grant insert, select on parties.api_key_secret to bursar_app;
grant insert, select on parties.institution to bursar_app;
grant select on parties.institution to bursar_report;
grant insert, select on parties.merchant to bursar_app;
grant select on parties.merchant to bursar_report;
grant insert, select on parties.merchant_step to bursar_app;
grant select on parties.merchant_step to bursar_report;
grant insert, select on parties.nomination to bursar_app;
grant select on parties.nomination to bursar_report;
grant insert, select on parties.operator_licence to bursar_app;
grant select on parties.operator_licence to bursar_report;
grant insert, select on parties.outlet to bursar_app;
grant select on parties.outlet to bursar_report;
grant insert, select on parties.person to bursar_app;
grant insert, select on parties.seat to bursar_app;
grant select on parties.seat to bursar_report;
grant delete, insert, select on parties.session to bursar_app;
grant insert, select on parties.set_up to bursar_app;
grant select on parties.set_up to bursar_report;
grant insert, select on parties.till to bursar_app;
grant select on parties.till to bursar_report;
grant insert, select on parties.till_name to bursar_app;
grant select on parties.till_name to bursar_report;
grant delete, insert, select on parties.wrong_try to bursar_app;
grant update (ended_at, ended_by, used_at) on parties.api_key to bursar_app;
grant update (ends_at) on parties.api_key_secret to bursar_app;
grant update (address, confirms_spends, state) on parties.merchant to bursar_app;
grant update (ended_at, ended_by, state) on parties.nomination to bursar_app;
grant update (decided_at, decided_by, reason, revoked_at, revoked_by, state) on parties.operator_licence to bursar_app;
grant update (password) on parties.person to bursar_app;
grant select (email, id, locale, name, phone, registered_at) on parties.person to bursar_report;
grant update (ended_at, ended_by) on parties.seat to bursar_app;
grant update (seen_at) on parties.session to bursar_app;
grant update (closed_at, name) on parties.till to bursar_app;
grant update (locked_until, since, tries) on parties.wrong_try to bursar_app;
grant execute on function parties.is_unseen(text) to bursar_app;
grant execute on function parties.platform_scope_is_lawful(timestamp with time zone) to bursar_app;
grant execute on function parties.platform_scope_is_lawful(timestamp with time zone) to bursar_report;

-- custody -----------------------------------------------------------------------------------------

create schema custody;

create table custody.code (
  book integer not null,
  digest text not null,
  asked text not null,
  salt text not null,
  use uuid not null,
  purse text not null,
  person text not null,
  merchant text not null,
  issued_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_by text,
  constraint code_pkey PRIMARY KEY (book, digest),
  constraint one_asking_gives_one_code UNIQUE (book, asked),
  constraint code_asked_check CHECK ((length(asked) = 64)),
  constraint code_digest_check CHECK ((length(digest) = 64)),
  constraint code_salt_check CHECK ((length(salt) = 64)),
  constraint code_used_by_check CHECK ((used_by ~~ 'spd\_%'::text)),
  constraint sixty_seconds_at_most CHECK ((expires_at <= (issued_at + '00:01:00'::interval)))
);
CREATE INDEX code_expired ON custody.code USING btree (expires_at);

create table custody.hitch (
  subject text not null,
  job text not null,
  failures integer not null,
  error text not null,
  since timestamp with time zone not null default now(),
  next_at timestamp with time zone not null,
  constraint hitch_pkey PRIMARY KEY (subject),
  constraint hitch_failures_check CHECK ((failures > 0)),
  constraint job_is_known CHECK ((job = ANY (ARRAY['top_up'::text, 'return'::text, 'part'::text])))
);
CREATE INDEX hitch_of_job ON custody.hitch USING btree (job, since);

create table custody.inbox (
  gateway text not null,
  event text not null,
  received_at timestamp with time zone not null default now(),
  outcome text not null,
  about text not null,
  body bytea not null,
  constraint inbox_pkey PRIMARY KEY (gateway, event)
);

create table custody.merchant (
  merchant text not null,
  pool text not null,
  book integer not null,
  takes_top_ups boolean not null default true,
  admitted_at timestamp with time zone not null default now(),
  scope text not null default 'merchant'::text,
  widened_by text,
  widened_at timestamp with time zone,
  constraint merchant_pkey PRIMARY KEY (merchant),
  constraint merchant_pool_fkey FOREIGN KEY (pool) REFERENCES custody.pool(id),
  constraint merchant_widened_by_fkey FOREIGN KEY (widened_by) REFERENCES parties.person(id),
  constraint a_wide_scope_says_who_gave_it CHECK ((num_nonnulls(widened_by, widened_at) =
CASE scope
    WHEN 'platform'::text THEN 2
    ELSE 0
END)),
  constraint merchant_merchant_check CHECK ((merchant ~~ 'mer\_%'::text)),
  constraint scope_is_known CHECK ((scope = ANY (ARRAY['merchant'::text, 'platform'::text])))
);
CREATE INDEX merchant_of_pool ON custody.merchant USING btree (pool, merchant);
CREATE UNIQUE INDEX one_issuer_per_pool ON custody.merchant USING btree (pool) WHERE (scope = 'platform'::text);

create table custody.merchant_code (
  id text not null,
  book integer not null,
  merchant text not null,
  outlet text,
  kind text not null,
  minor bigint,
  currency character(3) not null,
  label text,
  use uuid not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  closed_at timestamp with time zone,
  till text,
  constraint merchant_code_pkey PRIMARY KEY (id),
  constraint a_codes_till_stands_in_its_outlet FOREIGN KEY (outlet, till) REFERENCES parties.till(outlet, id),
  constraint merchant_code_merchant_fkey FOREIGN KEY (merchant) REFERENCES custody.merchant(merchant),
  constraint a_dynamic_code_says_how_much CHECK (((kind = 'dynamic'::text) = (minor IS NOT NULL))),
  constraint a_till_is_named_with_its_outlet CHECK (((till IS NULL) OR (outlet IS NOT NULL))),
  constraint kind_is_known CHECK ((kind = ANY (ARRAY['static'::text, 'dynamic'::text]))),
  constraint made_by_a_person_or_a_program CHECK ((created_by ~ '^(per|key)_'::text)),
  constraint merchant_code_id_check CHECK ((id ~~ 'mcd\_%'::text)),
  constraint merchant_code_minor_check CHECK ((minor > 0)),
  constraint merchant_code_outlet_check CHECK ((outlet ~~ 'out\_%'::text))
);
CREATE INDEX merchant_code_of_merchant ON custody.merchant_code USING btree (merchant, created_at DESC, id DESC);

create table custody.part (
  id text not null,
  withdrawal text not null,
  book integer not null,
  order_no text not null,
  top_up text,
  minor bigint not null,
  state text not null default 'sending'::text,
  reason text,
  asked_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  tries integer not null default 0,
  tried_at timestamp with time zone,
  gateway text not null,
  constraint part_pkey PRIMARY KEY (id),
  constraint part_top_up_fkey FOREIGN KEY (top_up) REFERENCES custody.top_up(id),
  constraint part_withdrawal_fkey FOREIGN KEY (withdrawal) REFERENCES custody.withdrawal(id),
  constraint a_try_has_its_time CHECK (((tries = 0) = (tried_at IS NULL))),
  constraint nothing_comes_back_without_a_reason CHECK (((state <> ALL (ARRAY['stuck'::text, 'returned'::text])) OR (reason IS NOT NULL))),
  constraint part_id_check CHECK ((id ~~ 'wdp\_%'::text)),
  constraint part_minor_check CHECK ((minor > 0)),
  constraint state_is_known CHECK ((state = ANY (ARRAY['sending'::text, 'stuck'::text, 'confirmed'::text, 'done'::text, 'returned'::text])))
);
CREATE INDEX booked_refund ON custody.part USING btree (gateway, ended_at) WHERE (state = ANY (ARRAY['confirmed'::text, 'done'::text]));
CREATE INDEX part_newest ON custody.part USING btree (asked_at DESC, id DESC);
CREATE INDEX part_newest_in_book ON custody.part USING btree (book, asked_at DESC, id DESC);
CREATE INDEX part_of_top_up ON custody.part USING btree (top_up) WHERE (top_up IS NOT NULL);
CREATE INDEX part_of_withdrawal ON custody.part USING btree (withdrawal, id);
CREATE INDEX part_open ON custody.part USING btree (asked_at, id) WHERE (state = ANY (ARRAY['sending'::text, 'stuck'::text, 'confirmed'::text]));

create table custody.payer (
  purse text not null,
  gateway text not null,
  payer text not null,
  licensed boolean not null default false,
  constraint payer_pkey PRIMARY KEY (purse, gateway),
  constraint payer_purse_fkey FOREIGN KEY (purse) REFERENCES custody.purse(id),
  constraint payer_payer_check CHECK ((payer <> ''::text))
);

create table custody.payment (
  gateway text not null,
  trade_no text not null,
  place text not null,
  constraint one_payment_stands_once PRIMARY KEY (gateway, trade_no),
  constraint payment_place_check CHECK (((place ~~ 'top\_%'::text) OR (place ~~ 'sus\_%'::text)))
);

create table custody.platform (
  pool text not null,
  name text not null,
  account text,
  known_since timestamp with time zone not null default now(),
  named_by text,
  ended_at timestamp with time zone,
  ended_by text,
  constraint platform_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES parties.person(id),
  constraint platform_named_by_fkey FOREIGN KEY (named_by) REFERENCES parties.person(id),
  constraint platform_pool_fkey FOREIGN KEY (pool) REFERENCES custody.pool(id),
  constraint an_end_is_somebodys CHECK (((ended_at IS NULL) = (ended_by IS NULL))),
  constraint platform_account_check CHECK ((account <> ''::text)),
  constraint platform_name_check CHECK ((name <> ''::text))
);
CREATE UNIQUE INDEX a_platform_is_named_once ON custody.platform USING btree (pool, name, account) NULLS NOT DISTINCT WHERE (ended_at IS NULL);

create table custody.pool (
  id text not null,
  book integer not null,
  name text not null,
  currency character(3) not null,
  bank text not null,
  supervisor text not null,
  account text,
  ceiling bigint not null default 500000,
  opened_at timestamp with time zone not null default now(),
  constraint pool_pkey PRIMARY KEY (id),
  constraint no_two_pools_share_a_bank_account UNIQUE (bank, account),
  constraint pool_book_key UNIQUE (book),
  constraint nobody_supervises_its_own_custody CHECK ((bank <> supervisor)),
  constraint pool_bank_check CHECK ((bank ~~ 'ins\_%'::text)),
  constraint pool_book_check CHECK ((book > 0)),
  constraint pool_ceiling_check CHECK ((ceiling > 0)),
  constraint pool_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint pool_id_check CHECK ((id ~~ 'pol\_%'::text)),
  constraint pool_name_check CHECK ((name <> ''::text)),
  constraint pool_supervisor_check CHECK ((supervisor ~~ 'ins\_%'::text))
);

create table custody.prepayments_step (
  merchant text not null,
  n integer not null,
  takes boolean not null,
  taken_by text not null,
  taken_at timestamp with time zone not null,
  reason text,
  constraint prepayments_step_pkey PRIMARY KEY (merchant, n),
  constraint prepayments_step_merchant_fkey FOREIGN KEY (merchant) REFERENCES custody.merchant(merchant),
  constraint prepayments_step_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES parties.person(id),
  constraint a_bar_has_a_reason CHECK ((takes OR (reason IS NOT NULL))),
  constraint prepayments_step_n_check CHECK ((n > 0)),
  constraint prepayments_step_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);

create table custody.proposal (
  id text not null,
  suspense text not null,
  kind text not null,
  purse text,
  reason text not null,
  state text not null default 'proposed'::text,
  proposed_by text not null,
  proposed_at timestamp with time zone not null,
  decided_by text,
  constraint proposal_pkey PRIMARY KEY (id),
  constraint proposal_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES parties.person(id),
  constraint proposal_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES parties.person(id),
  constraint proposal_purse_fkey FOREIGN KEY (purse) REFERENCES custody.purse(id),
  constraint proposal_suspense_fkey FOREIGN KEY (suspense) REFERENCES custody.suspense(id),
  constraint kind_is_known CHECK ((kind = ANY (ARRAY['assign'::text, 'return'::text]))),
  constraint nobody_decides_their_own_proposal CHECK ((decided_by <> proposed_by)),
  constraint nothing_is_decided_by_nobody CHECK (((state = 'proposed'::text) = (decided_by IS NULL))),
  constraint only_an_assignment_names_a_purse CHECK (((kind = 'assign'::text) = (purse IS NOT NULL))),
  constraint proposal_id_check CHECK ((id ~~ 'pro\_%'::text)),
  constraint proposal_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['proposed'::text, 'confirmed'::text, 'rejected'::text])))
);
CREATE UNIQUE INDEX one_proposal_at_a_time ON custody.proposal USING btree (suspense) WHERE (state = 'proposed'::text);
CREATE INDEX proposal_of_suspense ON custody.proposal USING btree (suspense, proposed_at, id);

create table custody.proposal_step (
  proposal text not null,
  name text not null,
  taken_by text not null,
  taken_at timestamp with time zone not null,
  reason text,
  constraint proposal_step_pkey PRIMARY KEY (proposal, name),
  constraint proposal_step_proposal_fkey FOREIGN KEY (proposal) REFERENCES custody.proposal(id),
  constraint proposal_step_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES parties.person(id),
  constraint only_a_confirmation_needs_no_reason CHECK (((name = 'confirm'::text) OR (reason IS NOT NULL))),
  constraint proposal_step_name_check CHECK ((name = ANY (ARRAY['propose'::text, 'confirm'::text, 'reject'::text]))),
  constraint proposal_step_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);

create table custody.purse (
  id text not null,
  book integer not null,
  pool text not null,
  person text not null,
  merchant text not null,
  currency character(3) not null,
  opened_at timestamp with time zone not null default now(),
  turn integer not null default 0,
  constraint purse_pkey PRIMARY KEY (id),
  constraint one_purse_per_person_and_merchant UNIQUE (person, merchant),
  constraint purse_merchant_fkey FOREIGN KEY (merchant) REFERENCES custody.merchant(merchant),
  constraint purse_pool_fkey FOREIGN KEY (pool) REFERENCES custody.pool(id),
  constraint purse_id_check CHECK ((id ~~ 'pur\_%'::text)),
  constraint purse_person_check CHECK ((person ~~ 'per\_%'::text))
);
CREATE INDEX purse_of_merchant ON custody.purse USING btree (merchant, opened_at DESC, id DESC);
CREATE INDEX purse_of_pool ON custody.purse USING btree (book, id);

create table custody.refund (
  id text not null,
  book integer not null,
  spend text not null,
  ordinal integer not null,
  purse text not null,
  merchant text not null,
  minor bigint not null,
  currency character(3) not null,
  reason text not null,
  made_by text not null,
  at timestamp with time zone not null default now(),
  constraint refund_pkey PRIMARY KEY (book, id),
  constraint each_refund_of_a_spend_has_its_place UNIQUE (book, spend, ordinal),
  constraint refund_book_spend_fkey FOREIGN KEY (book, spend) REFERENCES custody.spend(book, id),
  constraint made_by_a_person_or_a_program CHECK ((made_by ~ '^(per|key)_'::text)),
  constraint refund_id_check CHECK ((id ~~ 'rfd\_%'::text)),
  constraint refund_minor_check CHECK ((minor > 0)),
  constraint refund_ordinal_check CHECK ((ordinal > 0)),
  constraint refund_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX refund_of_merchant ON custody.refund USING btree (book, merchant, at DESC, id DESC);

create table custody.spend (
  book integer not null,
  id text not null,
  purse text not null,
  person text not null,
  merchant text not null,
  outlet text,
  minor bigint not null,
  currency character(3) not null,
  refunded bigint not null default 0,
  note text,
  merchant_code text,
  initiator text not null,
  started_by text not null,
  state text not null,
  at timestamp with time zone not null,
  expires_at timestamp with time zone,
  answered_by text,
  answered_at timestamp with time zone,
  till text,
  ordered_at timestamp with time zone,
  constraint spend_pkey PRIMARY KEY (book, id),
  constraint a_charge_waits_for_nobody CHECK (((initiator = 'consumer'::text) OR (expires_at IS NULL))),
  constraint a_till_is_named_with_its_outlet CHECK (((till IS NULL) OR (outlet IS NOT NULL))),
  constraint initiator_is_known CHECK ((initiator = ANY (ARRAY['consumer'::text, 'merchant'::text]))),
  constraint no_is_said_by_somebody CHECK (((state <> 'declined'::text) OR (answered_by IS NOT NULL))),
  constraint only_a_finished_spend_is_refunded CHECK (((refunded = 0) OR (state = 'done'::text))),
  constraint only_a_wait_expires CHECK (((state = 'waiting'::text) <= (expires_at IS NOT NULL))),
  constraint refunds_never_exceed_the_spend CHECK (((refunded >= 0) AND (refunded <= minor))),
  constraint spend_answered_by_check CHECK ((answered_by ~~ 'per\_%'::text)),
  constraint spend_id_check CHECK ((id ~~ 'spd\_%'::text)),
  constraint spend_minor_check CHECK ((minor > 0)),
  constraint spend_started_by_check CHECK ((started_by ~~ 'per\_%'::text)),
  constraint spend_till_check CHECK ((till ~~ 'til\_%'::text)),
  constraint state_is_known CHECK ((state = ANY (ARRAY['done'::text, 'waiting'::text, 'declined'::text]))),
  constraint what_is_paid_was_ordered_before CHECK ((ordered_at <= at))
);
CREATE INDEX spend_by_merchant_code ON custody.spend USING btree (book, person, at) WHERE (merchant_code IS NOT NULL);
CREATE INDEX spend_of_merchant ON custody.spend USING btree (book, merchant, at DESC, id DESC);
CREATE INDEX spend_of_merchant_code ON custody.spend USING btree (book, merchant_code) WHERE (merchant_code IS NOT NULL);
CREATE INDEX spend_of_purse ON custody.spend USING btree (book, purse, at DESC, id DESC);

create table custody.suspense (
  id text not null,
  book integer not null,
  gateway text not null,
  about text not null,
  trade_no text not null,
  minor bigint not null,
  currency character(3) not null,
  reason text not null,
  state text not null default 'unclaimed'::text,
  at timestamp with time zone not null default now(),
  notice text,
  source text not null,
  payer_name text,
  payer_account text,
  constraint suspense_pkey PRIMARY KEY (id),
  constraint one_payment_stands_in_suspense_once UNIQUE (gateway, trade_no),
  constraint reason_is_known CHECK ((reason = ANY (ARRAY['unknown_order'::text, 'wrong_amount'::text, 'wrong_account'::text, 'wrong_currency'::text, 'order_ended'::text, 'over_ceiling'::text, 'other_payer'::text, 'purse_barred'::text, 'unexpected_credit'::text, 'unknown_payer'::text, 'could_not_return'::text]))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['unclaimed'::text, 'proposed'::text, 'assigned'::text, 'returning'::text, 'returned'::text]))),
  constraint suspense_id_check CHECK ((id ~~ 'sus\_%'::text)),
  constraint suspense_minor_check CHECK ((minor > 0))
);
CREATE INDEX booked_suspense ON custody.suspense USING btree (gateway, at);
CREATE INDEX suspense_about ON custody.suspense USING btree (about, gateway);
CREATE INDEX suspense_of_book ON custody.suspense USING btree (book, at DESC, id DESC);
CREATE INDEX suspense_of_part ON custody.suspense USING btree (trade_no) WHERE (reason = 'could_not_return'::text);
CREATE INDEX suspense_open ON custody.suspense USING btree (at, id) WHERE (state = ANY (ARRAY['unclaimed'::text, 'proposed'::text]));
CREATE INDEX suspense_to_return ON custody.suspense USING btree (at, id) WHERE ((state = 'unclaimed'::text) AND (reason = ANY (ARRAY['over_ceiling'::text, 'other_payer'::text])));

create table custody.top_up (
  id text not null,
  book integer not null,
  purse text not null,
  minor bigint not null,
  currency character(3) not null,
  gateway text not null,
  asked_by text not null,
  state text not null default 'waiting'::text,
  trade_no text,
  created_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  returned bigint not null default 0,
  order_no text,
  proposal text,
  offer jsonb,
  notice text,
  constraint top_up_pkey PRIMARY KEY (id),
  constraint one_payment_credits_one_top_up UNIQUE (gateway, trade_no),
  constraint top_up_proposal_fkey FOREIGN KEY (proposal) REFERENCES custody.proposal(id),
  constraint top_up_purse_fkey FOREIGN KEY (purse) REFERENCES custody.purse(id),
  constraint a_credit_names_its_payment CHECK (((state <> 'credited'::text) OR (trade_no IS NOT NULL))),
  constraint an_offer_is_a_page_or_a_text CHECK (((offer IS NULL) OR (((offer ->> 'way'::text) = ANY (ARRAY['desk'::text, 'phone'::text])) AND ((offer ->> 'url'::text) IS NOT NULL)) OR (((offer ->> 'way'::text) = ANY (ARRAY['qr'::text, 'app'::text])) AND ((offer ->> 'text'::text) IS NOT NULL)) OR (((offer ->> 'way'::text) = 'inside'::text) AND ((offer -> 'call'::text) IS NOT NULL)))),
  constraint never_sent_back_beyond_the_top_up CHECK (((returned >= 0) AND (returned <= minor))),
  constraint only_credited_money_is_sent_back CHECK (((returned = 0) OR (state = 'credited'::text))),
  constraint only_what_is_credited_was_told_of CHECK (((notice IS NULL) OR (state = 'credited'::text))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['waiting'::text, 'credited'::text, 'closed'::text, 'expired'::text]))),
  constraint top_up_asked_by_check CHECK ((asked_by ~~ 'per\_%'::text)),
  constraint top_up_id_check CHECK ((id ~~ 'top\_%'::text)),
  constraint top_up_minor_check CHECK ((minor > 0))
);
CREATE INDEX booked_payment ON custody.top_up USING btree (gateway, ended_at) WHERE (state = 'credited'::text);
CREATE UNIQUE INDEX one_top_up_of_a_proposal ON custody.top_up USING btree (proposal) WHERE (proposal IS NOT NULL);
CREATE INDEX top_up_of_purse ON custody.top_up USING btree (purse, created_at DESC, id DESC);
CREATE INDEX top_up_waiting ON custody.top_up USING btree (created_at, id) WHERE (state = 'waiting'::text);

create table custody.withdrawal (
  id text not null,
  book integer not null,
  purse text,
  suspense text,
  minor bigint not null,
  currency character(3) not null,
  asked_by text,
  at timestamp with time zone not null default now(),
  proposal text,
  constraint withdrawal_pkey PRIMARY KEY (id),
  constraint withdrawal_proposal_key UNIQUE (proposal),
  constraint withdrawal_proposal_fkey FOREIGN KEY (proposal) REFERENCES custody.proposal(id),
  constraint withdrawal_purse_fkey FOREIGN KEY (purse) REFERENCES custody.purse(id),
  constraint withdrawal_suspense_fkey FOREIGN KEY (suspense) REFERENCES custody.suspense(id),
  constraint it_comes_from_one_place CHECK (((purse IS NULL) <> (suspense IS NULL))),
  constraint only_suspense_is_proposed_about CHECK (((proposal IS NULL) OR (suspense IS NOT NULL))),
  constraint withdrawal_asked_by_check CHECK ((asked_by ~~ 'per\_%'::text)),
  constraint withdrawal_id_check CHECK ((id ~~ 'wdr\_%'::text)),
  constraint withdrawal_minor_check CHECK ((minor > 0))
);
CREATE UNIQUE INDEX nothing_goes_back_twice_by_itself ON custody.withdrawal USING btree (suspense) WHERE (proposal IS NULL);
CREATE INDEX withdrawal_of_purse ON custody.withdrawal USING btree (purse, at DESC, id DESC);
CREATE INDEX withdrawal_of_suspense ON custody.withdrawal USING btree (suspense) WHERE (suspense IS NOT NULL);

create view custody.suspended with () as
 SELECT s.id,
    s.book,
    p.id AS pool,
    p.name AS "poolName",
    s.gateway,
    s.about,
    s.source,
    s.trade_no AS "tradeNo",
    s.notice,
    s.minor,
    s.currency,
    s.reason,
    s.state,
    s.at,
    s.payer_name AS "payerName",
    s.payer_account AS "payerAccount",
    p.currency AS "bookCurrency"
   FROM custody.suspense s
     JOIN custody.pool p ON p.book = s.book;

CREATE TRIGGER inbox_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON custody.inbox FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE CONSTRAINT TRIGGER bar_has_its_step AFTER UPDATE OF takes_top_ups ON custody.merchant DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.takes_top_ups <> new.takes_top_ups)) EXECUTE FUNCTION custody.check_takes_top_ups();
CREATE TRIGGER scope_is_lawful BEFORE INSERT ON custody.merchant FOR EACH ROW EXECUTE FUNCTION custody.check_scope();
CREATE TRIGGER scope_is_lawfully_given BEFORE UPDATE OF scope, widened_by, widened_at ON custody.merchant FOR EACH ROW EXECUTE FUNCTION custody.check_scope();
CREATE TRIGGER part_takes_a_step BEFORE UPDATE OF state ON custody.part FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('sending to stuck', 'sending to confirmed', 'sending to returned', 'stuck to confirmed', 'stuck to returned', 'confirmed to done');
CREATE TRIGGER payment_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON custody.payment FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON custody.platform FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON custody.pool FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER prepayments_step_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON custody.prepayments_step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER prepayments_step_is_taken_by_somebody_else BEFORE INSERT ON custody.prepayments_step FOR EACH ROW EXECUTE FUNCTION custody.check_prepayments_step();
CREATE TRIGGER proposal_is_fair BEFORE INSERT OR UPDATE ON custody.proposal FOR EACH ROW EXECUTE FUNCTION custody.check_proposal();
CREATE TRIGGER proposal_is_kept BEFORE DELETE OR TRUNCATE ON custody.proposal FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER proposal_takes_a_step BEFORE UPDATE OF state ON custody.proposal FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('proposed to confirmed', 'proposed to rejected');
CREATE TRIGGER proposal_step_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON custody.proposal_step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER purse_is_good_somewhere BEFORE INSERT ON custody.purse FOR EACH ROW EXECUTE FUNCTION custody.check_purse();
CREATE TRIGGER purse_is_kept BEFORE DELETE OR TRUNCATE ON custody.purse FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER purse_is_told_its_payers AFTER INSERT ON custody.purse FOR EACH ROW EXECUTE FUNCTION cashier.tell_new_purse();
CREATE TRIGGER refund_fits_its_spend AFTER INSERT ON custody.refund FOR EACH ROW EXECUTE FUNCTION custody.check_refund();
CREATE TRIGGER refund_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON custody.refund FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER refund_is_told AFTER INSERT ON custody.refund REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION notices.tell_books();
CREATE TRIGGER answered_spend_is_told AFTER UPDATE ON custody.spend REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION notices.tell_books();
CREATE TRIGGER spend_is_kept BEFORE DELETE OR TRUNCATE ON custody.spend FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER spend_is_of_a_purse_that_is_good_there AFTER INSERT ON custody.spend REFERENCING NEW TABLE AS paid FOR EACH STATEMENT EXECUTE FUNCTION custody.check_spends();
CREATE TRIGGER spend_is_told AFTER INSERT ON custody.spend REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION notices.tell_books();
CREATE TRIGGER spend_keeps_the_day_limit BEFORE INSERT ON custody.spend FOR EACH ROW WHEN (((new.merchant_code IS NOT NULL) AND (new.currency = 'CNY'::bpchar))) EXECUTE FUNCTION custody.check_static_codes();
CREATE TRIGGER spend_of_a_tab_was_ordered AFTER INSERT ON custody.spend REFERENCING NEW TABLE AS paid FOR EACH STATEMENT EXECUTE FUNCTION cashier.check_ordered();
CREATE TRIGGER spend_takes_a_step BEFORE UPDATE OF state ON custody.spend FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('waiting to done', 'waiting to declined');
CREATE TRIGGER suspense_has_its_payment AFTER INSERT ON custody.suspense REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION custody.place_suspense();
CREATE TRIGGER suspense_is_decided BEFORE UPDATE OF state ON custody.suspense FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_suspense();
CREATE TRIGGER suspense_takes_a_step BEFORE UPDATE OF state ON custody.suspense FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('unclaimed to proposed', 'proposed to unclaimed', 'proposed to assigned', 'proposed to returning', 'unclaimed to returning', 'returning to returned', 'returning to unclaimed');
CREATE TRIGGER credited_top_up_has_a_docket AFTER UPDATE ON custody.top_up REFERENCING OLD TABLE AS was NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION cashier.write_top_up_dockets();
CREATE TRIGGER credited_top_up_has_its_payment AFTER UPDATE ON custody.top_up REFERENCING OLD TABLE AS was NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION custody.place_top_ups();
CREATE CONSTRAINT TRIGGER received_top_up_has_a_docket AFTER INSERT ON custody.top_up DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.state = 'credited'::text)) EXECUTE FUNCTION cashier.write_money_docket('top_up');
CREATE TRIGGER received_top_up_has_its_payment AFTER INSERT ON custody.top_up REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION custody.place_top_ups();
CREATE TRIGGER top_up_is_lawful BEFORE INSERT ON custody.top_up FOR EACH ROW WHEN (((new.state = 'waiting'::text) OR (new.proposal IS NOT NULL))) EXECUTE FUNCTION custody.check_licensed();
CREATE TRIGGER top_up_is_told AFTER UPDATE ON custody.top_up REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION notices.tell_purses_books();
CREATE TRIGGER top_up_takes_a_step BEFORE UPDATE OF state ON custody.top_up FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('waiting to credited', 'waiting to closed', 'waiting to expired');
CREATE CONSTRAINT TRIGGER refund_has_a_docket AFTER INSERT ON custody.withdrawal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.purse IS NOT NULL)) EXECUTE FUNCTION cashier.write_money_docket('refund');
CREATE TRIGGER withdrawal_is_told AFTER INSERT ON custody.withdrawal REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION notices.tell_purses_books();

CREATE OR REPLACE FUNCTION custody.check_licensed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if not parties.platform_scope_is_lawful() and (
    new.state = 'waiting' and exists (
      select from custody.payer u
      where u.purse = new.purse and u.gateway = new.gateway and u.licensed)
    or exists (
      select from custody.purse p join custody.merchant m on m.merchant = p.merchant
      where p.id = new.purse and m.scope = 'platform'))
  then
    raise exception 'No licence holds for the top-up %', new.id
      using errcode = 'check_violation', constraint = 'a_top_up_at_platform_scope_needs_a_licence';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION custody.check_prepayments_step()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if exists (
    select from parties.seat
    where organisation = new.merchant and person = new.taken_by and ended_at is null)
  then
    raise exception '% has a seat at %', new.taken_by, new.merchant
      using errcode = 'check_violation', constraint = 'nobody_bars_where_they_sit';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION custody.check_proposal()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  home custody.purse;
begin
  if new.purse is null then
    return new;
  end if;
  select * into home from custody.purse where id = new.purse;
  if home.book <> (select s.book from custody.suspense s where s.id = new.suspense) then
    raise exception '% and % are not of one pool', new.suspense, new.purse
      using errcode = 'check_violation', constraint = 'money_stays_in_its_pool';
  end if;
  if home.person in (new.proposed_by, new.decided_by) or exists (
    select from parties.seat
    where organisation = home.merchant and person in (new.proposed_by, new.decided_by)
      and ended_at is null)
  then
    raise exception '% is not for % to decide', new.purse, coalesce(new.decided_by, new.proposed_by)
      using errcode = 'check_violation', constraint = 'nobody_decides_for_their_own_purse';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION custody.check_purse()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if exists (
    select from custody.merchant c join parties.merchant m on m.id = c.merchant
    where c.merchant = new.merchant and m.trade = 'onecard' and c.scope <> 'platform')
  then
    raise exception '% is no issuer yet', new.merchant
      using errcode = 'check_violation', constraint = 'an_issuer_has_members_once_it_is_wide';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION custody.check_refund()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if (select sum(r.minor) from custody.refund r where r.book = new.book and r.spend = new.spend)
   > (select s.minor from custody.spend s where s.book = new.book and s.id = new.spend)
  then
    raise exception 'The refunds of % exceed it', new.spend
      using errcode = 'check_violation', constraint = 'refunds_never_exceed_the_spend';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION custody.check_scope()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  broken text;
begin
  if tg_op = 'INSERT' then
    broken := case when new.scope <> 'merchant' then 'scope_is_given_afterwards' end;
  else
    -- Whoever opens the first purse just now holds the row: what it leaves is seen below.
    perform from custody.merchant where merchant = new.merchant for update;
    broken := case
      when old.scope = 'platform' then 'scope_is_kept'
      when not parties.platform_scope_is_lawful() then 'platform_scope_needs_a_licence'
      when exists (select from custody.purse where merchant = new.merchant)
        then 'scope_is_given_before_the_first_purse'
      when not exists (
        select from parties.merchant m join parties.seat s on s.person = m.applied_by and s.ended_at is null
        join parties.institution i on i.id = s.organisation and i.kind = 'operator'
        where m.id = new.merchant and m.state = 'active' and m.trade = 'onecard')
        then 'an_issuer_is_the_operators'
      when not exists (
        select from parties.seat s join parties.institution i on i.id = s.organisation and i.kind = 'operator'
        where s.person = new.widened_by and s.role = 'admin' and s.ended_at is null)
        then 'scope_is_given_by_an_administrator' end;
  end if;
  if broken is not null then
    raise exception 'Scope % of %', new.scope, new.merchant
      using errcode = 'check_violation', constraint = broken;
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION custody.check_spends()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if exists (
    select from paid s where not exists (
      select from custody.purse p join custody.merchant home on home.merchant = p.merchant
      where p.id = s.purse and p.book = s.book and p.person = s.person
        and case home.scope
          when 'merchant' then p.merchant = s.merchant
          else p.merchant <> s.merchant and exists (
            select from custody.merchant m where m.merchant = s.merchant and m.pool = p.pool) end))
  then
    raise exception 'A purse pays where it is good'
      using errcode = 'check_violation', constraint = 'a_purse_pays_where_it_is_good';
  end if;
  -- Asked once, and only where there is such a purse.
  if exists (
    select from paid s join custody.purse p on p.id = s.purse
    join custody.merchant home on home.merchant = p.merchant and home.scope = 'platform'
    where s.ordered_at is null and not (select parties.platform_scope_is_lawful()))
  then
    raise exception 'No licence holds for the spend'
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION custody.check_static_codes()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  day timestamptz := date_trunc('day', new.at at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai';
  paid bigint;
begin
  if not exists (
    select from custody.merchant_code c where c.id = new.merchant_code and c.kind = 'static')
  then
    return new;
  end if;
  select coalesce(sum(s.minor), 0) into paid
  from custody.spend s join custody.merchant_code c on c.id = s.merchant_code
  where s.book = new.book and s.person = new.person and s.merchant_code is not null
    and s.at >= day and s.at < day + interval '1 day' and c.kind = 'static'
    and (s.state = 'done' or s.state = 'waiting' and s.expires_at > new.at);
  if paid + new.minor > 50000 then
    raise exception '% has paid % by static codes today', new.person, paid
      using errcode = 'check_violation', constraint = 'static_codes_have_a_day_limit';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION custody.check_step()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if not old.state || ' to ' || new.state = any (tg_argv) then
    raise exception '%: from % no step leads to %', tg_table_name, old.state, new.state
      using errcode = 'check_violation', constraint = 'only_known_steps_are_taken';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION custody.check_suspense()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if (new.state = 'assigned' or (old.state = 'proposed' and new.state = 'returning')) and not exists (
    select from custody.proposal p
    where p.suspense = new.id and p.state = 'confirmed'
      and p.kind = case new.state when 'assigned' then 'assign' else 'return' end
      and not exists (
        select from custody.proposal later where later.suspense = new.id and later.state = 'proposed'))
  then
    raise exception '% leaves suspense undecided', new.id
      using errcode = 'check_violation', constraint = 'nothing_leaves_suspense_undecided';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION custody.check_takes_top_ups()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if new.takes_top_ups is distinct from (
    select s.takes from custody.prepayments_step s
    where s.merchant = new.merchant order by s.n desc limit 1)
  then
    raise exception 'No step says whether % takes top-ups', new.merchant
      using errcode = 'check_violation', constraint = 'a_bar_has_its_step';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION custody.place_suspense()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  insert into custody.payment (gateway, trade_no, place)
  select gateway, trade_no, id from placed;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION custody.place_top_ups()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if tg_op = 'INSERT' then
    insert into custody.payment (gateway, trade_no, place)
    select gateway, trade_no, id from placed where trade_no is not null and proposal is null;
  else
    insert into custody.payment (gateway, trade_no, place)
    select p.gateway, p.trade_no, p.id from placed p join was w on w.id = p.id
    where p.proposal is null and p.trade_no is not null and p.trade_no is distinct from w.trade_no;
  end if;
  return null;
end $function$;

grant usage on schema custody to bursar_app;
grant usage on schema custody to bursar_report;
grant delete, insert, select on custody.code to bursar_app;
grant delete, insert, select on custody.hitch to bursar_app;
grant select on custody.hitch to bursar_report;
grant insert, select on custody.inbox to bursar_app;
grant insert, select on custody.merchant to bursar_app;
grant select on custody.merchant to bursar_report;
grant insert, select on custody.merchant_code to bursar_app;
grant select on custody.merchant_code to bursar_report;
grant insert, select on custody.part to bursar_app;
grant select on custody.part to bursar_report;
grant delete, insert, select on custody.payer to bursar_app;
grant insert, select on custody.payment to bursar_app;
grant select on custody.payment to bursar_report;
grant insert, select on custody.platform to bursar_app;
grant select on custody.platform to bursar_report;
grant insert, select on custody.pool to bursar_app;
grant select on custody.pool to bursar_report;
grant insert, select on custody.prepayments_step to bursar_app;
grant select on custody.prepayments_step to bursar_report;
grant insert, select on custody.proposal to bursar_app;
grant select on custody.proposal to bursar_report;
grant insert, select on custody.proposal_step to bursar_app;
grant select on custody.proposal_step to bursar_report;
grant insert, select on custody.purse to bursar_app;
grant select on custody.purse to bursar_report;
grant insert, select on custody.refund to bursar_app;
grant select on custody.refund to bursar_report;
grant insert, select on custody.spend to bursar_app;
grant select on custody.spend to bursar_report;
grant insert, select on custody.suspended to bursar_app;
grant insert, select on custody.suspense to bursar_app;
grant select on custody.suspense to bursar_report;
grant insert, select on custody.top_up to bursar_app;
grant select on custody.top_up to bursar_report;
grant insert, select on custody.withdrawal to bursar_app;
grant select on custody.withdrawal to bursar_report;
grant update (used_by) on custody.code to bursar_app;
grant update (error, failures, next_at) on custody.hitch to bursar_app;
grant select (about, event, gateway, outcome, received_at) on custody.inbox to bursar_report;
grant update (scope, takes_top_ups, widened_at, widened_by) on custody.merchant to bursar_app;
grant update (closed_at) on custody.merchant_code to bursar_app;
grant update (ended_at, reason, state, tried_at, tries) on custody.part to bursar_app;
grant update (licensed, payer) on custody.payer to bursar_app;
grant update (ended_at, ended_by) on custody.platform to bursar_app;
grant update (decided_by, state) on custody.proposal to bursar_app;
grant update (turn) on custody.purse to bursar_app;
grant update (answered_at, answered_by, refunded, state) on custody.spend to bursar_app;
grant update (reason, state) on custody.suspense to bursar_app;
grant update (ended_at, notice, offer, returned, state, trade_no) on custody.top_up to bursar_app;

-- cashier -----------------------------------------------------------------------------------------

create schema cashier;

create table cashier.binding (
  id text not null,
  person text not null,
  merchant text not null,
  gateway text not null,
  payer text not null,
  name text,
  bound_at timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  proved_at timestamp with time zone,
  scope text not null default 'merchant'::text,
  constraint binding_pkey PRIMARY KEY (id),
  constraint binding_person_merchant_fkey FOREIGN KEY (person, merchant) REFERENCES custody.purse(person, merchant),
  constraint binding_check CHECK ((ended_at >= bound_at)),
  constraint binding_check1 CHECK ((proved_at >= bound_at)),
  constraint binding_id_check CHECK ((id ~~ 'bnd\_%'::text)),
  constraint binding_payer_check CHECK ((payer <> ''::text)),
  constraint binding_scope_check CHECK ((scope = ANY (ARRAY['merchant'::text, 'platform'::text])))
);
CREATE INDEX binding_of_payer ON cashier.binding USING btree (gateway, payer) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_binding_per_person_and_platform_at_platform_scope ON cashier.binding USING btree (person, gateway) WHERE ((ended_at IS NULL) AND (scope = 'platform'::text));
CREATE UNIQUE INDEX one_binding_per_person_merchant_and_platform ON cashier.binding USING btree (person, merchant, gateway) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX one_platform_account_is_bound_once ON cashier.binding USING btree (merchant, gateway, payer) WHERE (ended_at IS NULL);

create table cashier.category (
  id text not null,
  merchant text not null,
  name text not null,
  rank integer not null,
  offered boolean not null default true,
  constraint category_pkey PRIMARY KEY (id),
  constraint category_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint category_id_check CHECK ((id ~~ 'cat\_%'::text)),
  constraint category_name_check CHECK (((length(name) >= 1) AND (length(name) <= 40)))
);
CREATE INDEX category_of_merchant ON cashier.category USING btree (merchant, rank, id);

create table cashier.docket (
  subject text not null,
  kind text not null,
  merchant text not null,
  outlet text,
  purse text not null,
  tab text,
  day date not null,
  number integer not null,
  at timestamp with time zone not null,
  constraint docket_pkey PRIMARY KEY (subject),
  constraint a_number_is_given_once UNIQUE (merchant, kind, day, number),
  constraint docket_tab_fkey FOREIGN KEY (tab) REFERENCES cashier.tab(id),
  constraint a_docket_is_of_its_kind CHECK (
CASE kind
    WHEN 'top_up'::text THEN ((subject ~~ 'top\_%'::text) AND (tab IS NULL))
    WHEN 'goods'::text THEN ((subject ~~ 'gds\_%'::text) AND (tab IS NOT NULL))
    WHEN 'checkout'::text THEN (subject = tab)
    WHEN 'refund'::text THEN ((subject ~~ 'wdr\_%'::text) AND (tab IS NULL))
    ELSE false
END)
);
CREATE INDEX docket_of_merchant ON cashier.docket USING btree (merchant, at DESC, subject DESC);
CREATE INDEX docket_of_purse ON cashier.docket USING btree (purse, at DESC, subject DESC);
CREATE INDEX docket_of_tab ON cashier.docket USING btree (tab) WHERE (tab IS NOT NULL);

create table cashier.goods_order (
  id text not null,
  tab text not null,
  merchant text not null,
  outlet text not null,
  state text not null,
  goods bigint not null,
  service bigint not null,
  tax bigint not null,
  total bigint not null,
  asked text not null,
  note text,
  reason text,
  placed_by text not null,
  placed_at timestamp with time zone not null,
  answered_by text,
  answered_at timestamp with time zone,
  ended_by text,
  ended_at timestamp with time zone,
  constraint goods_order_pkey PRIMARY KEY (id),
  constraint goods_order_tab_fkey FOREIGN KEY (tab) REFERENCES cashier.tab(id),
  constraint an_order_adds_up CHECK (((goods > 0) AND (total = ((goods + service) + tax)))),
  constraint goods_order_asked_check CHECK ((length(asked) = 64)),
  constraint goods_order_id_check CHECK ((id ~~ 'gds\_%'::text)),
  constraint goods_order_note_check CHECK (((length(note) >= 1) AND (length(note) <= 100))),
  constraint goods_order_placed_by_check CHECK ((placed_by ~~ 'per\_%'::text)),
  constraint goods_order_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 200))),
  constraint goods_order_service_check CHECK ((service >= 0)),
  constraint goods_order_tax_check CHECK ((tax >= 0)),
  constraint no_is_said_with_a_reason CHECK (((state <> 'refused'::text) OR (reason IS NOT NULL))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['placed'::text, 'accepted'::text, 'delivered'::text, 'refused'::text, 'cancelled'::text])))
);
CREATE INDEX goods_order_of_merchant ON cashier.goods_order USING btree (merchant, placed_at DESC, id DESC);
CREATE INDEX goods_order_of_tab ON cashier.goods_order USING btree (tab, placed_at, id);
CREATE INDEX goods_order_open ON cashier.goods_order USING btree (merchant, placed_at, id) WHERE (state = ANY (ARRAY['placed'::text, 'accepted'::text]));

create table cashier.hold (
  id text not null,
  goods_order text not null,
  n integer not null,
  minor bigint not null,
  state text not null default 'held'::text,
  constraint hold_pkey PRIMARY KEY (id),
  constraint holds_of_an_order_have_their_place UNIQUE (goods_order, n),
  constraint hold_goods_order_fkey FOREIGN KEY (goods_order) REFERENCES cashier.goods_order(id),
  constraint hold_id_check CHECK ((id ~~ 'hld\_%'::text)),
  constraint hold_minor_check CHECK ((minor > 0)),
  constraint hold_state_check CHECK ((state = ANY (ARRAY['held'::text, 'settled'::text, 'released'::text])))
);

create table cashier.item (
  id text not null,
  merchant text not null,
  category text not null,
  name text not null,
  station text not null default 'bar'::text,
  minor bigint not null,
  currency character(3) not null,
  happy_minor bigint,
  happy_from integer,
  happy_to integer,
  stock integer,
  sold_out boolean not null default false,
  offered boolean not null default true,
  rank integer not null,
  happy_off integer,
  constraint item_pkey PRIMARY KEY (id),
  constraint item_category_fkey FOREIGN KEY (category) REFERENCES cashier.category(id),
  constraint item_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint a_happy_hour_costs_less CHECK ((happy_minor < minor)),
  constraint a_happy_hour_has_price_and_time CHECK ((num_nulls(happy_minor, happy_from, happy_to) = ANY (ARRAY[0, 3]))),
  constraint item_happy_from_check CHECK (((happy_from >= 0) AND (happy_from <= 1439))),
  constraint item_happy_minor_check CHECK ((happy_minor > 0)),
  constraint item_happy_off_check CHECK (((happy_off >= 1) AND (happy_off <= 9999))),
  constraint item_happy_to_check CHECK (((happy_to >= 0) AND (happy_to <= 1439))),
  constraint item_id_check CHECK ((id ~~ 'itm\_%'::text)),
  constraint item_minor_check CHECK ((minor > 0)),
  constraint item_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
  constraint item_station_check CHECK ((station = ANY (ARRAY['bar'::text, 'kitchen'::text]))),
  constraint nothing_is_sold_twice CHECK ((stock >= 0)),
  constraint percent_off_is_rounded_half_to_even CHECK (((happy_off IS NULL) OR ((happy_minor IS NOT NULL) AND (happy_minor = (((minor * (10000 - happy_off)) / 10000) +
CASE
    WHEN ((((minor * (10000 - happy_off)) % (10000)::bigint) > 5000) OR ((((minor * (10000 - happy_off)) % (10000)::bigint) = 5000) AND ((((minor * (10000 - happy_off)) / 10000) % (2)::bigint) = 1))) THEN 1
    ELSE 0
END)))))
);
CREATE INDEX item_of_merchant ON cashier.item USING btree (merchant, rank, id);

create table cashier.line (
  goods_order text not null,
  n integer not null,
  item text,
  name text not null,
  modifiers text[] not null default '{}'::text[],
  station text not null,
  unit bigint not null,
  count integer not null,
  minor bigint not null,
  constraint line_pkey PRIMARY KEY (goods_order, n),
  constraint line_goods_order_fkey FOREIGN KEY (goods_order) REFERENCES cashier.goods_order(id),
  constraint line_item_fkey FOREIGN KEY (item) REFERENCES cashier.item(id),
  constraint a_line_adds_up CHECK ((minor = (unit * count))),
  constraint line_count_check CHECK (((count >= 1) AND (count <= 999))),
  constraint line_n_check CHECK ((n > 0)),
  constraint line_unit_check CHECK ((unit > 0))
);

create table cashier.modifier (
  item text not null,
  name text not null,
  minor bigint not null,
  rank integer not null,
  offered boolean not null default true,
  constraint modifier_pkey PRIMARY KEY (item, name),
  constraint modifier_item_fkey FOREIGN KEY (item) REFERENCES cashier.item(id),
  constraint modifier_minor_check CHECK ((minor >= 0)),
  constraint modifier_name_check CHECK (((length(name) >= 1) AND (length(name) <= 40)))
);

create table cashier.outlet (
  outlet text not null,
  merchant text not null,
  cut_off integer not null default 360,
  service_bps integer not null default 0,
  tax_bps integer not null default 0,
  constraint outlet_pkey PRIMARY KEY (outlet),
  constraint outlet_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint outlet_outlet_fkey FOREIGN KEY (outlet) REFERENCES parties.outlet(id),
  constraint a_day_ends_within_the_day CHECK (((cut_off >= 0) AND (cut_off <= 1439))),
  constraint service_is_three_tenths_at_most CHECK (((service_bps >= 0) AND (service_bps <= 3000))),
  constraint tax_is_three_tenths_at_most CHECK (((tax_bps >= 0) AND (tax_bps <= 3000)))
);
CREATE INDEX outlet_of_merchant ON cashier.outlet USING btree (merchant, outlet);

create table cashier.picture (
  id text not null,
  item text not null,
  merchant text not null,
  type text not null,
  width integer not null,
  height integer not null,
  bytes bytea not null,
  put_by text not null,
  put_at timestamp with time zone not null default now(),
  constraint picture_pkey PRIMARY KEY (id),
  constraint picture_item_key UNIQUE (item),
  constraint picture_item_fkey FOREIGN KEY (item) REFERENCES cashier.item(id),
  constraint picture_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint picture_put_by_fkey FOREIGN KEY (put_by) REFERENCES parties.person(id),
  constraint a_picture_is_small CHECK (((length(bytes) >= 1) AND (length(bytes) <= 524288))),
  constraint picture_height_check CHECK (((height >= 1) AND (height <= 2048))),
  constraint picture_id_check CHECK ((id ~~ 'pic\_%'::text)),
  constraint picture_type_check CHECK ((type = ANY (ARRAY['image/jpeg'::text, 'image/png'::text, 'image/webp'::text]))),
  constraint picture_width_check CHECK (((width >= 1) AND (width <= 2048)))
);
CREATE INDEX picture_of_merchant ON cashier.picture USING btree (merchant);

create table cashier.place (
  id text not null,
  merchant text not null,
  outlet text not null,
  kind text not null,
  name text not null,
  token text not null,
  open boolean not null default true,
  constraint place_pkey PRIMARY KEY (id),
  constraint place_token_key UNIQUE (token),
  constraint place_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint place_outlet_fkey FOREIGN KEY (outlet) REFERENCES parties.outlet(id),
  constraint place_id_check CHECK ((id ~~ 'plc\_%'::text)),
  constraint place_kind_check CHECK ((kind = ANY (ARRAY['table'::text, 'seat'::text, 'pc'::text]))),
  constraint place_name_check CHECK (((length(name) >= 1) AND (length(name) <= 20))),
  constraint place_token_check CHECK ((token ~ '^[0-9a-hjkmnp-tv-z]{26}$'::text))
);
CREATE UNIQUE INDEX a_place_is_named_once ON cashier.place USING btree (outlet, name) WHERE open;
CREATE INDEX place_of_merchant ON cashier.place USING btree (merchant, outlet, id);

create table cashier.plan (
  id text not null,
  merchant text not null,
  name text not null,
  base_minor bigint not null,
  base_minutes integer not null,
  step_minor bigint not null,
  step_minutes integer not null,
  night_from integer,
  night_to integer,
  pausable boolean not null default false,
  currency character(3) not null,
  offered boolean not null default true,
  constraint plan_pkey PRIMARY KEY (id),
  constraint plan_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint a_base_costs_and_lasts CHECK (((base_minor > 0) = ((base_minutes > 0) OR (night_from IS NOT NULL)))),
  constraint a_night_begins_and_ends CHECK ((num_nulls(night_from, night_to) = ANY (ARRAY[0, 2]))),
  constraint a_night_is_no_package CHECK (((night_from IS NULL) OR (base_minutes = 0))),
  constraint plan_base_minor_check CHECK ((base_minor >= 0)),
  constraint plan_base_minutes_check CHECK (((base_minutes >= 0) AND (base_minutes <= 10080))),
  constraint plan_id_check CHECK ((id ~~ 'pln\_%'::text)),
  constraint plan_name_check CHECK (((length(name) >= 1) AND (length(name) <= 40))),
  constraint plan_night_from_check CHECK (((night_from >= 0) AND (night_from <= 1439))),
  constraint plan_night_to_check CHECK (((night_to >= 0) AND (night_to <= 1439))),
  constraint plan_step_minor_check CHECK ((step_minor > 0)),
  constraint plan_step_minutes_check CHECK (((step_minutes >= 1) AND (step_minutes <= 1440)))
);
CREATE INDEX plan_of_merchant ON cashier.plan USING btree (merchant, id);

create table cashier.series (
  merchant text not null,
  kind text not null,
  day date not null,
  last integer not null,
  constraint series_pkey PRIMARY KEY (merchant, kind, day),
  constraint series_last_check CHECK ((last > 0))
);

create table cashier.shift (
  id text not null,
  merchant text not null,
  outlet text not null,
  number integer not null,
  person text not null,
  state text not null default 'open'::text,
  opened_at timestamp with time zone not null,
  follows text,
  counted_at timestamp with time zone,
  counts integer not null default 0,
  offered_to text,
  ended_at timestamp with time zone,
  ended_by text,
  note text,
  tabs integer,
  held bigint,
  till text,
  constraint shift_pkey PRIMARY KEY (id),
  constraint shifts_are_numbered UNIQUE (outlet, number),
  constraint a_shifts_till_stands_in_its_outlet FOREIGN KEY (outlet, till) REFERENCES parties.till(outlet, id),
  constraint shift_ended_by_fkey FOREIGN KEY (ended_by) REFERENCES parties.person(id),
  constraint shift_follows_fkey FOREIGN KEY (follows) REFERENCES cashier.shift(id),
  constraint shift_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint shift_offered_to_fkey FOREIGN KEY (offered_to) REFERENCES parties.person(id),
  constraint shift_outlet_fkey FOREIGN KEY (outlet) REFERENCES parties.outlet(id),
  constraint shift_person_fkey FOREIGN KEY (person) REFERENCES parties.person(id),
  constraint nobody_is_offered_their_own_shift CHECK ((offered_to <> person)),
  constraint nothing_ends_uncounted CHECK (((state = 'open'::text) OR ((counted_at IS NOT NULL) AND (counts > 0) AND (tabs IS NOT NULL) AND (held IS NOT NULL)))),
  constraint only_an_offered_shift_has_a_receiver CHECK (((state = 'closed'::text) OR ((state = 'offered'::text) = (offered_to IS NOT NULL)))),
  constraint shift_held_check CHECK ((held >= 0)),
  constraint shift_id_check CHECK ((id ~~ 'shf\_%'::text)),
  constraint shift_note_check CHECK (((length(note) >= 1) AND (length(note) <= 500))),
  constraint shift_number_check CHECK ((number > 0)),
  constraint shift_tabs_check CHECK ((tabs >= 0)),
  constraint state_is_known CHECK ((state = ANY (ARRAY['open'::text, 'offered'::text, 'closed'::text]))),
  constraint time_goes_forward CHECK ((ended_at >= opened_at)),
  constraint what_has_ended_says_who CHECK ((((state = 'closed'::text) = (ended_at IS NOT NULL)) AND ((ended_at IS NULL) = (ended_by IS NULL))))
);
CREATE UNIQUE INDEX a_shift_is_handed_over_once ON cashier.shift USING btree (follows) WHERE (follows IS NOT NULL);
CREATE UNIQUE INDEX one_shift_at_a_time ON cashier.shift USING btree (outlet) WHERE (state <> 'closed'::text);
CREATE INDEX shift_counted ON cashier.shift USING btree (merchant, counted_at) WHERE (counted_at IS NOT NULL);
CREATE INDEX shift_counted_at_outlet ON cashier.shift USING btree (outlet, counted_at) WHERE (counted_at IS NOT NULL);
CREATE INDEX shift_of_outlet ON cashier.shift USING btree (outlet, opened_at DESC, id DESC);

create table cashier.shift_count (
  shift text not null,
  no integer not null,
  means text not null,
  declared bigint not null,
  found bigint not null,
  constraint shift_count_pkey PRIMARY KEY (shift, no, means),
  constraint shift_count_shift_fkey FOREIGN KEY (shift) REFERENCES cashier.shift(id),
  constraint shift_count_declared_check CHECK ((declared >= 0)),
  constraint shift_count_found_check CHECK ((found >= 0)),
  constraint shift_count_means_check CHECK ((means ~ '^[a-z][a-z0-9-]{0,39}$'::text)),
  constraint shift_count_no_check CHECK ((no > 0))
);

create table cashier.step (
  tab text not null,
  n integer not null,
  name text not null,
  about text not null,
  taken_by text not null,
  taken_at timestamp with time zone not null,
  reason text,
  constraint step_pkey PRIMARY KEY (tab, n),
  constraint step_tab_fkey FOREIGN KEY (tab) REFERENCES cashier.tab(id),
  constraint step_n_check CHECK ((n > 0)),
  constraint step_name_check CHECK ((name = ANY (ARRAY['move'::text, 'merge'::text, 'split'::text, 'hand_over'::text, 'discount'::text]))),
  constraint step_taken_by_check CHECK ((taken_by ~~ 'per\_%'::text))
);

create table cashier.tab (
  id text not null,
  book integer not null,
  merchant text not null,
  outlet text not null,
  place text not null,
  purse text not null,
  person text not null,
  currency character(3) not null,
  service_bps integer not null,
  tax_bps integer not null,
  state text not null default 'open'::text,
  opened_at timestamp with time zone not null,
  closes_at timestamp with time zone not null,
  served_by text,
  discount bigint not null default 0,
  discount_reason text,
  tip bigint not null default 0,
  total bigint,
  spend text,
  ended text,
  closed_by text,
  closed_at timestamp with time zone,
  constraint tab_pkey PRIMARY KEY (id),
  constraint tab_spend_key UNIQUE (spend),
  constraint tab_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint tab_outlet_fkey FOREIGN KEY (outlet) REFERENCES parties.outlet(id),
  constraint tab_place_fkey FOREIGN KEY (place) REFERENCES cashier.place(id),
  constraint tab_purse_fkey FOREIGN KEY (purse) REFERENCES custody.purse(id),
  constraint a_checkout_is_a_spend CHECK (
CASE
    WHEN (state = 'closed'::text) THEN ((total >= 0) AND ((total > 0) = (spend IS NOT NULL)))
    ELSE ((total IS NULL) AND (spend IS NULL) AND (tip = 0))
END),
  constraint a_discount_has_a_reason CHECK (((discount >= 0) AND ((discount = 0) = (discount_reason IS NULL)))),
  constraint an_ended_tab_says_how CHECK ((((state = 'closed'::text) = (ended IS NOT NULL)) AND (ended = ANY (ARRAY['guest'::text, 'merchant'::text, 'forgotten'::text])) AND ((state = 'open'::text) = (closed_at IS NULL)))),
  constraint only_a_forgotten_tab_is_closed_by_nobody CHECK (((state <> 'closed'::text) OR ((ended = 'forgotten'::text) = (closed_by IS NULL)))),
  constraint only_the_guest_tips CHECK (((tip = 0) OR ((tip > 0) AND (ended = 'guest'::text)))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text, 'merged'::text]))),
  constraint tab_closed_by_check CHECK ((closed_by ~~ 'per\_%'::text)),
  constraint tab_id_check CHECK ((id ~~ 'tab\_%'::text)),
  constraint tab_served_by_check CHECK ((served_by ~~ 'per\_%'::text)),
  constraint tab_spend_check CHECK ((spend ~~ 'spd\_%'::text))
);
CREATE UNIQUE INDEX one_open_tab_per_guest_and_place ON cashier.tab USING btree (purse, place) WHERE (state = 'open'::text);
CREATE INDEX tab_forgotten ON cashier.tab USING btree (closes_at, id) WHERE (state = 'open'::text);
CREATE INDEX tab_of_merchant ON cashier.tab USING btree (merchant, opened_at DESC, id DESC);
CREATE INDEX tab_of_purse ON cashier.tab USING btree (purse, opened_at DESC, id DESC);

create table cashier.timer (
  goods_order text not null,
  plan text not null,
  base_minor bigint not null,
  base_minutes integer not null,
  step_minor bigint not null,
  step_minutes integer not null,
  pausable boolean not null,
  state text not null default 'running'::text,
  started_at timestamp with time zone not null,
  paused_at timestamp with time zone,
  paused interval not null default '00:00:00'::interval,
  minutes integer not null,
  ends_at timestamp with time zone,
  short boolean not null default false,
  stopped_at timestamp with time zone,
  constraint timer_pkey PRIMARY KEY (goods_order),
  constraint timer_goods_order_fkey FOREIGN KEY (goods_order) REFERENCES cashier.goods_order(id),
  constraint timer_plan_fkey FOREIGN KEY (plan) REFERENCES cashier.plan(id),
  constraint only_a_pausable_plan_is_paused CHECK ((pausable OR (paused_at IS NULL))),
  constraint only_a_pause_has_begun CHECK (((state = 'paused'::text) = (paused_at IS NOT NULL))),
  constraint only_what_runs_runs_out CHECK (((state = 'running'::text) = (ends_at IS NOT NULL))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'stopped'::text]))),
  constraint time_goes_forward CHECK (((paused >= '00:00:00'::interval) AND (minutes > 0) AND (stopped_at >= started_at))),
  constraint what_stopped_has_stopped CHECK (((state = 'stopped'::text) = (stopped_at IS NOT NULL)))
);
CREATE INDEX timer_running ON cashier.timer USING btree (ends_at, goods_order) WHERE (state = 'running'::text);

create table cashier.unbinding (
  id text not null,
  binding text not null,
  begun_at timestamp with time zone not null default now(),
  constraint unbinding_pkey PRIMARY KEY (id),
  constraint unbinding_binding_fkey FOREIGN KEY (binding) REFERENCES cashier.binding(id),
  constraint unbinding_id_check CHECK ((id ~~ 'wdr\_%'::text))
);
CREATE INDEX unbinding_of_binding ON cashier.unbinding USING btree (binding);

create table cashier.visit (
  digest text not null,
  purse text not null,
  gateway text not null,
  began_at timestamp with time zone not null default now(),
  used_at timestamp with time zone,
  scope text not null default 'merchant'::text,
  constraint visit_pkey PRIMARY KEY (digest),
  constraint visit_purse_fkey FOREIGN KEY (purse) REFERENCES custody.purse(id),
  constraint visit_digest_check CHECK ((length(digest) = 64)),
  constraint visit_scope_check CHECK ((scope = ANY (ARRAY['merchant'::text, 'platform'::text])))
);
CREATE INDEX visit_by_age ON cashier.visit USING btree (began_at);

create table cashier.z_report (
  outlet text not null,
  number integer not null,
  merchant text not null,
  day date not null,
  report jsonb not null,
  made_by text not null,
  made_at timestamp with time zone not null,
  constraint z_report_pkey PRIMARY KEY (outlet, number),
  constraint a_day_is_final_once UNIQUE (outlet, day),
  constraint z_report_made_by_fkey FOREIGN KEY (made_by) REFERENCES parties.person(id),
  constraint z_report_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint z_report_outlet_fkey FOREIGN KEY (outlet) REFERENCES parties.outlet(id),
  constraint z_report_number_check CHECK ((number > 0))
);
CREATE INDEX z_report_of_merchant ON cashier.z_report USING btree (merchant, day);

create view cashier.shown_docket with () as
 SELECT cashier.number_of(d.kind, d.day, d.number) AS number,
    d.kind,
    d.subject,
    d.day::text AS day,
    d.at,
    COALESCE(t.minor, o.total, b.total, w.minor) AS minor,
    p.currency,
    COALESCE(t.state, o.state, b.ended, returned.state) AS state,
    d.merchant,
    m.name AS "merchantName",
    d.outlet,
    d.purse,
    p.person,
    n.name AS "personName",
    COALESCE(t.gateway, returned.gateway) AS gateway
   FROM cashier.docket d
     JOIN custody.purse p ON p.id = d.purse
     JOIN parties.merchant m ON m.id = d.merchant
     LEFT JOIN parties.person n ON n.id = p.person
     LEFT JOIN custody.top_up t ON d.kind = 'top_up'::text AND t.id = d.subject
     LEFT JOIN cashier.goods_order o ON d.kind = 'goods'::text AND o.id = d.subject
     LEFT JOIN cashier.tab b ON d.kind = 'checkout'::text AND b.id = d.subject
     LEFT JOIN custody.withdrawal w ON d.kind = 'refund'::text AND w.id = d.subject
     LEFT JOIN LATERAL ( SELECT
                CASE
                    WHEN bool_or(r.state = 'stuck'::text) THEN 'stuck'::text
                    WHEN bool_or(r.state = 'sending'::text) THEN 'sending'::text
                    WHEN bool_and(r.state = 'returned'::text) THEN 'returned'::text
                    WHEN bool_or(r.state = 'returned'::text) THEN 'partly'::text
                    ELSE 'done'::text
                END AS state,
            string_agg(DISTINCT r.gateway, ', '::text ORDER BY r.gateway) AS gateway
           FROM custody.part r
          WHERE r.withdrawal = w.id) returned ON w.id IS NOT NULL;

create view cashier.shown_order with () as
 SELECT o.id,
    cashier.number_of(d.kind, d.day, d.number) AS number,
    o.tab,
    o.merchant,
    o.outlet,
    o.state,
    o.goods,
    o.service,
    o.tax,
    o.total,
    o.note,
    o.reason,
    o.placed_at AS "placedAt",
    o.answered_at AS "answeredAt",
    o.ended_at AS "endedAt",
    t.place,
    p.name AS "placeName",
    t.person,
    n.name AS "personName",
    t.currency,
    t.service_bps AS "serviceBps",
    t.tax_bps AS "taxBps"
   FROM cashier.goods_order o
     JOIN cashier.docket d ON d.subject = o.id
     JOIN cashier.tab t ON t.id = o.tab
     JOIN cashier.place p ON p.id = t.place
     LEFT JOIN parties.person n ON n.id = t.person;

create view cashier.shown_tab with () as
 SELECT t.id,
    t.merchant,
    m.name AS "merchantName",
    t.outlet,
    u.name AS "outletName",
    t.place,
    p.name AS "placeName",
    t.purse,
    t.person,
    n.name AS "personName",
    t.state,
    t.opened_at AS "openedAt",
    t.closes_at AS "closesAt",
    t.served_by AS "servedBy",
    t.currency,
        CASE
            WHEN t.state = 'open'::text THEN ordered.total
            ELSE 0::bigint
        END AS held,
    t.discount,
    t.discount_reason AS "discountReason",
    t.tip,
    COALESCE(t.total, GREATEST(ordered.total - t.discount, 0::bigint)) AS total,
    t.spend,
    cashier.number_of(d.kind, d.day, d.number) AS number,
    t.ended,
    t.closed_at AS "closedAt"
   FROM cashier.tab t
     JOIN parties.merchant m ON m.id = t.merchant
     JOIN parties.outlet u ON u.id = t.outlet
     JOIN cashier.place p ON p.id = t.place
     LEFT JOIN parties.person n ON n.id = t.person
     LEFT JOIN cashier.docket d ON d.subject = t.id
     CROSS JOIN LATERAL ( SELECT COALESCE(sum(o.total), 0::numeric)::bigint AS total
           FROM cashier.goods_order o
          WHERE o.tab = t.id AND (o.state = ANY (ARRAY['placed'::text, 'accepted'::text, 'delivered'::text]))) ordered;

CREATE TRIGGER binding_is_lawful BEFORE INSERT ON cashier.binding FOR EACH ROW EXECUTE FUNCTION cashier.check_scope();
CREATE TRIGGER binding_is_told AFTER INSERT OR UPDATE OF ended_at ON cashier.binding FOR EACH ROW EXECUTE FUNCTION cashier.tell_payer();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON cashier.category FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER docket_follows_the_last AFTER INSERT ON cashier.docket REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION cashier.check_numbers();
CREATE TRIGGER docket_has_a_number BEFORE INSERT ON cashier.docket FOR EACH ROW WHEN ((new.number IS NULL)) EXECUTE FUNCTION cashier.give_number();
CREATE TRIGGER docket_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON cashier.docket FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER docket_is_of_a_purse AFTER INSERT ON cashier.docket REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION cashier.check_purses();
CREATE TRIGGER changed_order_is_told AFTER UPDATE ON cashier.goods_order REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION cashier.tell_orders();
CREATE TRIGGER goods_order_takes_a_step BEFORE UPDATE OF state ON cashier.goods_order FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('placed to accepted', 'placed to refused', 'placed to cancelled', 'accepted to delivered', 'accepted to cancelled');
CREATE TRIGGER goods_orders_have_dockets AFTER INSERT ON cashier.goods_order REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION cashier.write_goods_dockets();
CREATE CONSTRAINT TRIGGER order_is_held AFTER INSERT OR UPDATE ON cashier.goods_order DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cashier.check_order();
CREATE TRIGGER order_is_lawful AFTER INSERT ON cashier.goods_order REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION cashier.check_orders();
CREATE TRIGGER placed_order_is_told AFTER INSERT ON cashier.goods_order REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION cashier.tell_orders();
CREATE CONSTRAINT TRIGGER hold_is_of_its_order AFTER INSERT OR UPDATE ON cashier.hold DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cashier.check_order();
CREATE TRIGGER hold_takes_a_step BEFORE UPDATE OF state ON cashier.hold FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('held to settled', 'held to released');
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON cashier.item FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER line_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON cashier.line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON cashier.modifier FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER pictures_are_bounded BEFORE INSERT ON cashier.picture FOR EACH ROW EXECUTE FUNCTION cashier.check_pictures();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON cashier.place FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON cashier.plan FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER series_has_no_gap BEFORE UPDATE ON cashier.series FOR EACH ROW EXECUTE FUNCTION cashier.check_series();
CREATE TRIGGER shift_has_the_next_number BEFORE INSERT ON cashier.shift FOR EACH ROW EXECUTE FUNCTION cashier.check_shift();
CREATE TRIGGER shift_is_kept BEFORE DELETE OR TRUNCATE ON cashier.shift FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER shift_takes_a_step BEFORE UPDATE OF state ON cashier.shift FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('open to offered', 'open to closed', 'offered to open', 'offered to closed');
CREATE TRIGGER shift_count_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON cashier.shift_count FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER step_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON cashier.step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE CONSTRAINT TRIGGER checkout_adds_up AFTER UPDATE OF state ON cashier.tab DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.state <> 'open'::text)) EXECUTE FUNCTION cashier.check_checkout();
CREATE CONSTRAINT TRIGGER checkout_has_a_docket AFTER UPDATE OF state ON cashier.tab DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.state = 'closed'::text)) EXECUTE FUNCTION cashier.write_checkout_docket();
CREATE TRIGGER tab_is_of_a_purse BEFORE INSERT ON cashier.tab FOR EACH ROW EXECUTE FUNCTION cashier.check_tabs();
CREATE TRIGGER tab_takes_a_step BEFORE UPDATE OF state ON cashier.tab FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('open to closed', 'open to merged');
CREATE TRIGGER more_time_is_lawful BEFORE UPDATE OF minutes ON cashier.timer FOR EACH ROW WHEN ((new.minutes > old.minutes)) EXECUTE FUNCTION cashier.check_minutes();
CREATE TRIGGER timer_takes_a_step BEFORE UPDATE OF state ON cashier.timer FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('running to paused', 'paused to running', 'running to stopped', 'paused to stopped');
CREATE TRIGGER unbinding_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON cashier.unbinding FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER z_report_has_the_next_number BEFORE INSERT ON cashier.z_report FOR EACH ROW EXECUTE FUNCTION cashier.check_z_report();
CREATE TRIGGER z_report_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON cashier.z_report FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();

CREATE OR REPLACE FUNCTION cashier.check_checkout()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  ordered bigint;
  unanswered bigint;
  held bigint;
begin
  select coalesce(sum(o.total) filter (where o.state in ('accepted', 'delivered')), 0),
         count(*) filter (where o.state = 'placed')
  into ordered, unanswered from cashier.goods_order o where o.tab = new.id;
  select count(*) into held from cashier.hold h join cashier.goods_order o on o.id = h.goods_order
  where o.tab = new.id and h.state = 'held';
  if new.state = 'closed'
    and (new.total <> ordered - new.discount + new.tip or unanswered > 0 or held > 0)
    or new.state = 'merged' and (ordered > 0 or unanswered > 0)
  then
    raise exception '% ordered %, less % and % on top is not %', new.id, ordered, new.discount, new.tip, new.total
      using errcode = 'check_violation', constraint = 'a_checkout_adds_up';
  end if;
  if new.total > 0 and not exists (
    select from custody.spend s where s.book = new.book and s.id = new.spend and s.minor = new.total
      and s.purse = new.purse and s.merchant = new.merchant)
  then
    raise exception '% is paid by no spend of its sum', new.id
      using errcode = 'check_violation', constraint = 'a_checkout_is_a_spend';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_minutes()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if exists (
    select from cashier.goods_order o join cashier.tab b on b.id = o.tab join custody.purse p on p.id = b.purse
    join custody.merchant home on home.merchant = p.merchant and home.scope = 'platform'
    where o.id = new.goods_order and not (select parties.platform_scope_is_lawful()))
  then
    raise exception 'No licence holds for more time of %', new.goods_order
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_numbers()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if exists (
    select from (
      select merchant, kind, day, min(number) as first, max(number) as last, count(*) as count
      from placed group by merchant, kind, day) n
    left join cashier.series s on s.merchant = n.merchant and s.kind = n.kind and s.day = n.day
    where n.last - n.first + 1 <> n.count or s.last is distinct from n.last
      or n.first > 1 and (
        select d.number from cashier.docket d
        where d.merchant = n.merchant and d.kind = n.kind and d.day = n.day and d.number = n.first - 1) is null)
  then
    raise exception 'A series of dockets goes on by one'
      using errcode = 'check_violation', constraint = 'numbers_have_no_gap';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_order()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  known cashier.goods_order;
  held  bigint;
  open  boolean;
begin
  if tg_table_name = 'hold' then
    select * into known from cashier.goods_order where id = new.goods_order;
  else
    select * into known from cashier.goods_order where id = new.id;
  end if;
  select coalesce(sum(h.minor), 0) into held
  from cashier.hold h where h.goods_order = known.id and h.state = 'held';
  select t.state = 'open' and known.state in ('placed', 'accepted', 'delivered') into open
  from cashier.tab t where t.id = known.tab;
  if held <> (case when open then known.total else 0 end) then
    raise exception '% costs %, and % is held', known.id, known.total, held
      using errcode = 'check_violation', constraint = 'what_is_ordered_is_held';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_ordered()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  unordered boolean;
  beyond boolean;
begin
  select bool_or(o.placed_at is null or s.ordered_at <> least(o.placed_at, s.at)), bool_or(s.minor > o.total and exists (
      select from custody.purse p join custody.merchant home on home.merchant = p.merchant
      where p.id = s.purse and home.scope = 'platform'))
  into unordered, beyond
  from paid s left join lateral (
    select max(o.placed_at) as placed_at, sum(o.total) - least(max(b.discount), sum(o.total)) as total
    from cashier.tab b join cashier.goods_order o on o.tab = b.id
    where b.id = 'tab_' || substr(s.id, 5) and b.purse = s.purse and b.merchant = s.merchant
      and o.state in ('accepted', 'delivered')) as o on true
  where s.ordered_at is not null;
  if unordered then
    raise exception 'What is paid as ordered was ordered on its tab'
      using errcode = 'check_violation', constraint = 'what_is_paid_was_ordered_on_its_tab';
  end if;
  -- A tip was not ordered.
  if beyond and not parties.platform_scope_is_lawful() then
    raise exception 'No licence holds for more than was ordered'
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_orders()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if exists (
    select from placed o join cashier.tab b on b.id = o.tab join custody.purse p on p.id = b.purse
    join custody.merchant home on home.merchant = p.merchant and home.scope = 'platform'
    where not (select parties.platform_scope_is_lawful()))
  then
    raise exception 'No licence holds for the order'
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_pictures()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_purses()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if exists (
    select from placed d where not exists (
      select from custody.purse p join custody.merchant home on home.merchant = p.merchant
      where p.id = d.purse and (p.merchant = d.merchant or home.scope = 'platform' and exists (
        select from custody.merchant m where m.merchant = d.merchant and m.pool = p.pool))))
  then
    raise exception 'A docket names a purse, and a merchant where it is good'
      using errcode = 'check_violation', constraint = 'a_docket_is_of_a_purse_and_its_merchant';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_scope()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform from parties.person where id = new.person for update;
  perform pg_advisory_xact_lock(hashtextextended('payer/' || new.gateway || '/' || new.payer, 0));
  if new.scope = 'platform' and not parties.platform_scope_is_lawful() then
    raise exception 'No licence holds for %', new.id
      using errcode = 'check_violation', constraint = 'platform_scope_needs_a_licence';
  end if;
  if exists (
    select from cashier.binding b
    where b.person = new.person and b.gateway = new.gateway and b.ended_at is null
      and b.scope <> new.scope)
  then
    raise exception '% is bound at the other scope', new.person
      using errcode = 'unique_violation', constraint = 'a_guest_is_bound_at_one_scope';
  end if;
  if exists (
    select from cashier.binding b
    where b.gateway = new.gateway and b.payer = new.payer and b.person <> new.person
      and b.ended_at is null and (new.scope = 'platform' or b.scope = 'platform'))
  then
    raise exception 'The account is another guest’s'
      using errcode = 'unique_violation', constraint = 'one_platform_account_is_bound_once';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_series()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if new.last <= old.last or (new.merchant, new.kind, new.day) <> (old.merchant, old.kind, old.day) then
    raise exception 'A series of dockets goes forward'
      using errcode = 'check_violation', constraint = 'numbers_have_no_gap';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_shift()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if new.number <> 1 + coalesce((select max(s.number) from cashier.shift s where s.outlet = new.outlet), 0) then
    raise exception 'The next shift of % has another number than %', new.outlet, new.number
      using errcode = 'check_violation', constraint = 'numbers_have_no_gap';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_tabs()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if not exists (
    select from custody.purse p join custody.merchant home on home.merchant = p.merchant
    where p.id = new.purse and p.book = new.book and p.person = new.person
      and case home.scope
        when 'merchant' then p.merchant = new.merchant
        else p.merchant <> new.merchant and exists (
          select from custody.merchant m where m.merchant = new.merchant and m.pool = p.pool) end)
  then
    raise exception 'A tab is of a purse that is good at its merchant'
      using errcode = 'check_violation', constraint = 'a_tab_is_of_a_purse_that_is_good_there';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION cashier.check_z_report()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  last cashier.z_report;
begin
  select * into last from cashier.z_report z where z.outlet = new.outlet order by z.number desc limit 1;
  if new.number <> coalesce(last.number, 0) + 1 or new.day <= last.day then
    raise exception 'The next final report of % is no % of %', new.outlet, new.number, new.day
      using errcode = 'check_violation', constraint = 'numbers_have_no_gap';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION cashier.day_ends(p_merchant text, p_outlet text, p_at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
  select (cashier.day_of(p_merchant, p_outlet, p_at) + 1 + make_interval(mins => coalesce(s.cut_off, 360)))
    at time zone o.zone
  from parties.outlet o left join cashier.outlet s on s.outlet = o.id where o.id = p_outlet
$function$;

CREATE OR REPLACE FUNCTION cashier.day_of(p_merchant text, p_outlet text, p_at timestamp with time zone)
 RETURNS date
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
  select ((p_at at time zone coalesce(o.zone, 'Asia/Shanghai'))
    - make_interval(mins => coalesce(s.cut_off, 360)))::date
  from (select 1) as one
  left join lateral (
    select id, zone from parties.outlet
    where merchant = p_merchant and (p_outlet is null or id = p_outlet) order by id limit 1) o on true
  left join cashier.outlet s on s.outlet = o.id
$function$;

CREATE OR REPLACE FUNCTION cashier.give_number()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  new.day := greatest(
    cashier.day_of(new.merchant, new.outlet, new.at),
    (select max(z.day) + 1 from cashier.z_report z where z.outlet = new.outlet));
  insert into cashier.series as s (merchant, kind, day, last)
  values (new.merchant, new.kind, new.day, 1)
  on conflict (merchant, kind, day) do update set last = s.last + 1
  returning last into new.number;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION cashier.number_of(p_kind text, p_day date, p_number integer)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog'
AS $function$
  select case p_kind when 'top_up' then 'T' when 'goods' then 'G' when 'checkout' then 'C' else 'R' end
    || to_char(p_day, 'YYYYMMDD-') || lpad(p_number::text, greatest(4, length(p_number::text)), '0')
$function$;

CREATE OR REPLACE FUNCTION cashier.taken(p_merchant text, p_outlet text, p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS TABLE(means text, minor bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
  select 'balance', coalesce(sum(t.total), 0)::bigint
  from cashier.docket d join cashier.tab t on t.id = d.subject
  where d.merchant = p_merchant and d.kind = 'checkout' and d.outlet = p_outlet and d.at >= p_from and d.at < p_to
  union all
  select t.gateway, sum(t.minor)::bigint
  from cashier.docket d join custody.top_up t on t.id = d.subject
  where d.merchant = p_merchant and d.kind = 'top_up' and d.at >= p_from and d.at < p_to
  group by t.gateway
$function$;

CREATE OR REPLACE FUNCTION cashier.tell_new_purse()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform from parties.person where id = new.person for key share;
  insert into custody.payer (purse, gateway, payer, licensed)
  select new.id, b.gateway, b.payer, true from cashier.binding b
  where b.person = new.person and b.scope = 'platform' and b.ended_at is null;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.tell_orders()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform pg_notify('cashier_orders', merchant || ' ' || id) from placed;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.tell_payer()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if new.ended_at is null then
    insert into custody.payer (purse, gateway, payer, licensed)
    select id, new.gateway, new.payer, new.scope = 'platform' from custody.purse
    where person = new.person and (merchant = new.merchant or new.scope = 'platform')
    on conflict (purse, gateway) do update set payer = excluded.payer, licensed = excluded.licensed;
  else
    delete from custody.payer u using custody.purse p
    where p.person = new.person and (p.merchant = new.merchant or new.scope = 'platform')
      and u.purse = p.id and u.gateway = new.gateway and u.payer = new.payer;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.write_checkout_docket()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform from ledger.lock_book(new.book);
  perform cashier.write_dockets(array[
    row(new.id, 'checkout', new.merchant, new.outlet, new.purse, new.id, null, null, new.closed_at)::cashier.docket]);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.write_dockets(p_dockets cashier.docket[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog'
AS $function$
  with asked as (
    select subject, kind, merchant, outlet, purse, tab, at from unnest(p_dockets) as d
  ), closed as materialized (
    select o.merchant, o.outlet,
      case when o.outlet is null
        then (select max(s.counted_at) from cashier.shift s where s.merchant = o.merchant)
        else (select max(s.counted_at) from cashier.shift s where s.outlet = o.outlet) end as counted_at,
      (select max(z.day) + 1 from cashier.z_report z
       where z.merchant = o.merchant and (o.outlet is null or z.outlet = o.outlet)) as first_day
    from (select distinct merchant, outlet from asked) as o
  ), timed as materialized (
    select a.subject, a.kind, a.merchant, a.outlet, a.purse, a.tab, greatest(a.at, c.counted_at) as at, c.first_day
    from asked a join closed c on c.merchant = a.merchant and c.outlet is not distinct from a.outlet
  ), days as materialized (
    select merchant, outlet, at, greatest(cashier.day_of(merchant, outlet, at), first_day) as day
    from (select distinct merchant, outlet, at, first_day from timed) as moments
  ), counted as (
    select t.*, d.day, row_number() over each as nth, count(*) over (partition by t.merchant, t.kind, d.day) as all_
    from timed t join days d on d.merchant = t.merchant and d.outlet is not distinct from t.outlet and d.at = t.at
    window each as (partition by t.merchant, t.kind, d.day order by t.at, t.subject)
  ), moved as (
    insert into cashier.series as s (merchant, kind, day, last)
    select merchant, kind, day, max(all_) from counted group by merchant, kind, day order by merchant, kind, day
    on conflict (merchant, kind, day) do update set last = s.last + excluded.last
    returning merchant, kind, day, last
  )
  insert into cashier.docket (subject, kind, merchant, outlet, purse, tab, at, day, number)
  select c.subject, c.kind, c.merchant, c.outlet, c.purse, c.tab, c.at, c.day, m.last - c.all_ + c.nth
  from counted c join moved m on m.merchant = c.merchant and m.kind = c.kind and m.day = c.day
$function$;

CREATE OR REPLACE FUNCTION cashier.write_goods_dockets()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform cashier.write_dockets(array_agg(
    row(n.id, 'goods', t.merchant, t.outlet, t.purse, t.id, null, null, n.placed_at)::cashier.docket))
  from placed n join cashier.tab t on t.id = n.tab having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.write_money_docket()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  moment timestamptz;
begin
  perform from ledger.lock_book(new.book);
  if tg_table_name = 'withdrawal' then
    moment := new.at;
  elsif exists (select from ledger.demo) then
    moment := greatest(new.created_at, (select b.at from ledger.book b where b.book = new.book));
  else
    moment := coalesce(new.ended_at, new.created_at);
  end if;
  perform cashier.write_dockets(array[
    row(new.id, tg_argv[0], p.merchant, null, p.id, null, null, null, moment)::cashier.docket])
  from custody.purse p where p.id = new.purse;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION cashier.write_top_up_dockets()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  demo boolean;
begin
  if not exists (
    select from placed n join was w on w.id = n.id where n.state = 'credited' and w.state <> 'credited')
  then return null; end if;
  demo := exists (select from ledger.demo);
  perform cashier.write_dockets(array_agg(
    row(n.id, 'top_up', p.merchant, null, p.id, null, null, null,
      case when demo then greatest(n.created_at, (select b.at from ledger.book b where b.book = n.book))
           else coalesce(n.ended_at, n.created_at) end)::cashier.docket))
  from placed n join was w on w.id = n.id join custody.purse p on p.id = n.purse
  where n.state = 'credited' and w.state <> 'credited';
  return null;
end $function$;

grant usage on schema cashier to bursar_app;
grant usage on schema cashier to bursar_report;
grant insert, select on cashier.binding to bursar_app;
grant insert, select on cashier.category to bursar_app;
grant select on cashier.category to bursar_report;
grant insert, select on cashier.docket to bursar_app;
grant select on cashier.docket to bursar_report;
grant insert, select on cashier.goods_order to bursar_app;
grant select on cashier.goods_order to bursar_report;
grant insert, select on cashier.hold to bursar_app;
grant select on cashier.hold to bursar_report;
grant insert, select on cashier.item to bursar_app;
grant select on cashier.item to bursar_report;
grant insert, select on cashier.line to bursar_app;
grant select on cashier.line to bursar_report;
grant insert, select on cashier.modifier to bursar_app;
grant select on cashier.modifier to bursar_report;
grant insert, select on cashier.outlet to bursar_app;
grant select on cashier.outlet to bursar_report;
grant delete, insert, select on cashier.picture to bursar_app;
grant select on cashier.picture to bursar_report;
grant insert, select on cashier.place to bursar_app;
grant select on cashier.place to bursar_report;
grant insert, select on cashier.plan to bursar_app;
grant select on cashier.plan to bursar_report;
grant insert, select on cashier.series to bursar_app;
grant select on cashier.series to bursar_report;
grant insert, select on cashier.shift to bursar_app;
grant select on cashier.shift to bursar_report;
grant insert, select on cashier.shift_count to bursar_app;
grant select on cashier.shift_count to bursar_report;
grant insert, select on cashier.shown_docket to bursar_app;
grant select on cashier.shown_docket to bursar_report;
grant insert, select on cashier.shown_order to bursar_app;
grant select on cashier.shown_order to bursar_report;
grant insert, select on cashier.shown_tab to bursar_app;
grant select on cashier.shown_tab to bursar_report;
grant insert, select on cashier.step to bursar_app;
grant select on cashier.step to bursar_report;
grant insert, select on cashier.tab to bursar_app;
grant select on cashier.tab to bursar_report;
grant insert, select on cashier.timer to bursar_app;
grant select on cashier.timer to bursar_report;
grant insert, select on cashier.unbinding to bursar_app;
grant delete, insert, select on cashier.visit to bursar_app;
grant insert, select on cashier.z_report to bursar_app;
grant select on cashier.z_report to bursar_report;
grant update (ended_at, proved_at) on cashier.binding to bursar_app;
grant select (bound_at, ended_at, gateway, id, merchant, person) on cashier.binding to bursar_report;
grant update (name, offered, rank) on cashier.category to bursar_app;
grant update (answered_at, answered_by, ended_at, ended_by, goods, reason, service, state, tab, tax, total) on cashier.goods_order to bursar_app;
grant update (state) on cashier.hold to bursar_app;
grant update (category, happy_from, happy_minor, happy_off, happy_to, minor, name, offered, rank, sold_out, station, stock) on cashier.item to bursar_app;
grant update (minor, offered, rank) on cashier.modifier to bursar_app;
grant update (cut_off, service_bps, tax_bps) on cashier.outlet to bursar_app;
grant update (kind, name, open) on cashier.place to bursar_app;
grant update (base_minor, base_minutes, name, night_from, night_to, offered, pausable, step_minor, step_minutes) on cashier.plan to bursar_app;
grant update (last) on cashier.series to bursar_app;
grant update (counted_at, counts, ended_at, ended_by, held, note, offered_to, state, tabs) on cashier.shift to bursar_app;
grant update (closed_at, closed_by, discount, discount_reason, ended, place, served_by, spend, state, tip, total) on cashier.tab to bursar_app;
grant update (ends_at, minutes, paused, paused_at, short, state, stopped_at) on cashier.timer to bursar_app;
grant update (used_at) on cashier.visit to bursar_app;
grant execute on function cashier.day_ends(text,text,timestamp with time zone) to bursar_app;
grant execute on function cashier.day_ends(text,text,timestamp with time zone) to bursar_report;
grant execute on function cashier.day_of(text,text,timestamp with time zone) to bursar_app;
grant execute on function cashier.day_of(text,text,timestamp with time zone) to bursar_report;
grant execute on function cashier.number_of(text,date,integer) to bursar_app;
grant execute on function cashier.number_of(text,date,integer) to bursar_report;
grant execute on function cashier.taken(text,text,timestamp with time zone,timestamp with time zone) to bursar_app;
grant execute on function cashier.taken(text,text,timestamp with time zone,timestamp with time zone) to bursar_report;
grant execute on function cashier.write_dockets(cashier.docket[]) to bursar_app;

-- reconciliation ----------------------------------------------------------------------------------

create schema reconciliation;

create table reconciliation.bill (
  gateway text not null,
  day date not null,
  state text not null default 'waiting'::text,
  ask_at timestamp with time zone,
  tries integer not null default 0,
  problem text,
  take integer,
  taken_at timestamp with time zone,
  there_payments bigint not null default 0,
  there_paid bigint not null default 0,
  there_refunds bigint not null default 0,
  there_refunded bigint not null default 0,
  there_fee bigint not null default 0,
  here_payments bigint not null default 0,
  here_paid bigint not null default 0,
  here_refunds bigint not null default 0,
  here_refunded bigint not null default 0,
  matched bigint not null default 0,
  constraint bill_pkey PRIMARY KEY (gateway, day),
  constraint a_take_is_one_of_the_tries CHECK (((take >= 1) AND (take <= tries))),
  constraint problem_is_known CHECK ((problem = ANY (ARRAY['not_ready'::text, 'silent'::text, 'broken'::text]))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['waiting'::text, 'read'::text, 'compared'::text]))),
  constraint what_was_not_read_is_asked_for CHECK (((state <> 'waiting'::text) OR (ask_at IS NOT NULL))),
  constraint what_was_read_has_its_take CHECK (((state = 'waiting'::text) = (take IS NULL)))
);
CREATE INDEX bill_by_day ON reconciliation.bill USING btree (day DESC, gateway);
CREATE INDEX bill_due ON reconciliation.bill USING btree (ask_at, gateway, day) WHERE (ask_at IS NOT NULL);
CREATE INDEX bill_read ON reconciliation.bill USING btree (gateway, day) WHERE (state = 'read'::text);

create table reconciliation.break (
  id text not null,
  gateway text not null,
  day date not null,
  of text not null,
  kind text not null,
  state text not null default 'open'::text,
  order_no text not null,
  refund_no text,
  trade_no text,
  currency character(3) not null,
  there_minor bigint,
  there_fee bigint,
  there_at timestamp with time zone,
  here_id text,
  here_minor bigint,
  here_state text,
  here_at timestamp with time zone,
  agreed_fee bigint,
  at_stake bigint not null,
  found_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  round integer not null default 1,
  constraint break_pkey PRIMARY KEY (id),
  constraint a_break_is_found_once UNIQUE NULLS NOT DISTINCT (gateway, of, kind, order_no, refund_no, trade_no),
  constraint break_at_stake_check CHECK ((at_stake >= 0)),
  constraint break_id_check CHECK ((id ~~ 'brk\_%'::text)),
  constraint break_of_check CHECK ((of = ANY (ARRAY['payment'::text, 'refund'::text]))),
  constraint break_round_check CHECK ((round > 0)),
  constraint kind_is_known CHECK ((kind = ANY (ARRAY['missing_here'::text, 'missing_there'::text, 'wrong_amount'::text, 'wrong_state'::text, 'wrong_fee'::text, 'wrong_number'::text, 'duplicate'::text]))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['open'::text, 'proposed'::text, 'booking'::text, 'settled'::text, 'ended'::text]))),
  constraint what_has_ended_says_when CHECK (((state = ANY (ARRAY['settled'::text, 'ended'::text])) = (ended_at IS NOT NULL))),
  constraint what_is_missing_there_has_one_side CHECK (
CASE kind
    WHEN 'missing_there'::text THEN ((there_minor IS NULL) AND (here_id IS NOT NULL))
    ELSE (there_minor IS NOT NULL)
END)
);
CREATE INDEX break_booking ON reconciliation.break USING btree (id) WHERE (state = 'booking'::text);
CREATE INDEX break_by_time ON reconciliation.break USING btree (found_at DESC, id DESC);
CREATE INDEX break_of_bill ON reconciliation.break USING btree (gateway, day, state);
CREATE INDEX break_open ON reconciliation.break USING btree (gateway, id) WHERE (state = 'open'::text);

create table reconciliation.line (
  gateway text not null,
  day date not null,
  take integer not null,
  n integer not null,
  kind text not null,
  order_no text not null,
  refund_no text,
  trade_no text not null,
  minor bigint not null,
  fee bigint not null,
  currency character(3) not null,
  at timestamp with time zone not null,
  about text not null generated always as (((gateway || '/'::text) || order_no)) stored,
  constraint line_pkey PRIMARY KEY (gateway, day, take, n),
  constraint line_kind_check CHECK ((kind = ANY (ARRAY['payment'::text, 'refund'::text]))),
  constraint line_minor_check CHECK ((minor >= 0)),
  constraint line_n_check CHECK ((n > 0)),
  constraint only_a_refund_has_a_number_of_ours CHECK (((kind = 'refund'::text) OR (refund_no IS NULL)))
);
CREATE INDEX line_about ON reconciliation.line USING btree (about);

create table reconciliation.platform (
  gateway text not null,
  fee_bps integer not null,
  set_by text not null,
  set_at timestamp with time zone not null,
  constraint platform_pkey PRIMARY KEY (gateway),
  constraint platform_set_by_fkey FOREIGN KEY (set_by) REFERENCES parties.person(id),
  constraint platform_fee_bps_check CHECK (((fee_bps >= 0) AND (fee_bps <= 1000)))
);

create table reconciliation.proposal (
  id text not null,
  break text not null,
  kind text not null,
  reason text not null,
  note text not null,
  state text not null default 'proposed'::text,
  proposed_by text not null,
  proposed_at timestamp with time zone not null,
  decided_by text,
  decided_at timestamp with time zone,
  answer text,
  outcome text,
  round integer not null default 1,
  constraint proposal_pkey PRIMARY KEY (id),
  constraint proposal_break_fkey FOREIGN KEY (break) REFERENCES reconciliation.break(id),
  constraint proposal_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES parties.person(id),
  constraint proposal_proposed_by_fkey FOREIGN KEY (proposed_by) REFERENCES parties.person(id),
  constraint a_rejection_says_why CHECK (((state = 'rejected'::text) = (answer IS NOT NULL))),
  constraint nobody_decides_their_own_proposal CHECK ((decided_by <> proposed_by)),
  constraint nothing_is_booked_alone CHECK (((state <> 'alone'::text) OR (kind = 'explain'::text))),
  constraint nothing_is_decided_by_nobody CHECK ((((state = ANY (ARRAY['confirmed'::text, 'rejected'::text])) = (decided_by IS NOT NULL)) AND ((decided_by IS NULL) = (decided_at IS NULL)))),
  constraint only_what_is_booked_has_an_outcome CHECK (((outcome IS NULL) OR ((kind = 'book'::text) AND (state = 'confirmed'::text)))),
  constraint proposal_answer_check CHECK (((length(answer) >= 1) AND (length(answer) <= 500))),
  constraint proposal_id_check CHECK ((id ~~ 'rcp\_%'::text)),
  constraint proposal_kind_check CHECK ((kind = ANY (ARRAY['explain'::text, 'book'::text]))),
  constraint proposal_note_check CHECK (((length(note) >= 1) AND (length(note) <= 500))),
  constraint reason_is_known CHECK ((reason = ANY (ARRAY['timing'::text, 'platform_fault'::text, 'our_fault'::text, 'by_hand'::text, 'rounding'::text, 'other'::text]))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['proposed'::text, 'confirmed'::text, 'rejected'::text, 'alone'::text])))
);
CREATE UNIQUE INDEX one_proposal_at_a_time ON reconciliation.proposal USING btree (break) WHERE (state = 'proposed'::text);
CREATE INDEX proposal_alone ON reconciliation.proposal USING btree (proposed_by, proposed_at) WHERE (state = 'alone'::text);
CREATE INDEX proposal_of_break ON reconciliation.proposal USING btree (break, proposed_at, id);

create view reconciliation.booked with () as
 SELECT 'payment'::text AS kind,
    t.gateway,
    t.id,
    t.id AS order_no,
    NULL::text AS refund_no,
    t.trade_no,
    t.minor,
    t.currency,
    t.ended_at AS at,
    t.state
   FROM custody.top_up t
  WHERE t.state = 'credited'::text AND t.proposal IS NULL
UNION ALL
 SELECT 'payment'::text AS kind,
    s.gateway,
    s.id,
    s.about AS order_no,
    NULL::text AS refund_no,
    s.trade_no,
    s.minor,
    s.currency,
    s.at,
    s.state
   FROM custody.suspense s
  WHERE s.reason <> ALL (ARRAY['unexpected_credit'::text, 'unknown_payer'::text, 'could_not_return'::text])
UNION ALL
 SELECT 'refund'::text AS kind,
    p.gateway,
    p.id,
    p.order_no,
    p.id AS refund_no,
    NULL::text AS trade_no,
    p.minor,
    w.currency,
    p.ended_at AS at,
    p.state
   FROM custody.part p
     JOIN custody.withdrawal w ON w.id = p.withdrawal
  WHERE p.state = ANY (ARRAY['confirmed'::text, 'done'::text]);

create view reconciliation.counted with () as
 SELECT gateway,
    day,
    take,
    n,
    kind,
    order_no,
    refund_no,
    trade_no,
    minor,
    fee,
    currency,
    at,
    about
   FROM reconciliation.line l
  WHERE take = (( SELECT b.take
           FROM reconciliation.bill b
          WHERE b.gateway = l.gateway AND b.day = l.day));

create view reconciliation.judged with () as
 SELECT l.gateway,
    l.day,
    l.take,
    l.n,
    l.kind AS of,
    l.about,
    l.order_no,
    l.refund_no,
    l.trade_no,
    l.minor,
    l.fee,
    l.currency,
    l.at,
    here.id AS here_id,
    here.minor AS here_minor,
    here.state AS here_state,
    here.at AS here_at,
    agreed.fee AS agreed_fee,
        CASE
            WHEN (EXISTS ( SELECT
               FROM reconciliation.counted e
              WHERE e.about = l.about AND e.kind = l.kind AND
                    CASE
                        WHEN l.kind = 'payment'::text THEN e.trade_no = l.trade_no
                        ELSE e.refund_no = l.refund_no
                    END AND ((ROW(e.day, e.n) < ROW(l.day, l.n))))) THEN 'duplicate'::text
            WHEN here.id IS NULL THEN 'missing_here'::text
            WHEN here.other AND (EXISTS ( SELECT
               FROM reconciliation.counted e
              WHERE e.about = l.about AND e.kind = 'payment'::text AND e.trade_no = here.trade_no)) THEN 'missing_here'::text
            WHEN here.other THEN 'wrong_number'::text
            WHEN NOT here.done THEN 'wrong_state'::text
            WHEN here.minor <> l.minor OR here.currency <> l.currency THEN 'wrong_amount'::text
            WHEN l.fee <> agreed.fee THEN 'wrong_fee'::text
            ELSE NULL::text
        END AS kind
   FROM reconciliation.counted l
     LEFT JOIN reconciliation.platform f ON f.gateway = l.gateway
     LEFT JOIN custody.top_up t ON l.kind = 'payment'::text AND t.id = l.order_no AND (t.gateway || ''::text) = l.gateway AND t.proposal IS NULL
     LEFT JOIN custody.suspense s ON l.kind = 'payment'::text AND s.gateway = l.gateway AND s.trade_no = l.trade_no
     LEFT JOIN custody.part p ON l.kind = 'refund'::text AND p.id = l.refund_no AND p.gateway = l.gateway
     LEFT JOIN custody.withdrawal w ON w.id = p.withdrawal
     CROSS JOIN LATERAL ( SELECT
                CASE l.kind
                    WHEN 'payment'::text THEN 1
                    ELSE '-1'::integer
                END * ((l.minor * f.fee_bps + 5000) / 10000) AS fee) agreed
     CROSS JOIN LATERAL ( SELECT t.id,
            t.minor,
            t.currency,
            t.state,
            t.ended_at AS at,
            t.trade_no,
            t.state = 'credited'::text AS done,
            t.state = 'credited'::text AND t.trade_no <> l.trade_no AS other
          WHERE t.id IS NOT NULL AND (s.id IS NULL OR t.trade_no = l.trade_no)
        UNION ALL
         SELECT s.id,
            s.minor,
            s.currency,
            s.state,
            s.at,
            s.trade_no,
            true,
            s.about <> l.order_no
          WHERE s.id IS NOT NULL AND t.trade_no IS DISTINCT FROM l.trade_no
        UNION ALL
         SELECT p.id,
            p.minor,
            w.currency,
            p.state,
            p.ended_at,
            NULL::text,
            p.state = ANY (ARRAY['confirmed'::text, 'done'::text]),
            p.order_no <> l.order_no
          WHERE p.id IS NOT NULL
        UNION ALL
         SELECT NULL::text,
            NULL::bigint,
            NULL::bpchar,
            NULL::text,
            NULL::timestamp with time zone,
            NULL::text,
            NULL::boolean,
            NULL::boolean
          WHERE t.id IS NULL AND s.id IS NULL AND p.id IS NULL) here;

create view reconciliation.unseen with () as
 SELECT kind,
    gateway,
    id,
    order_no,
    refund_no,
    trade_no,
    minor,
    currency,
    at,
    state
   FROM reconciliation.booked h
  WHERE NOT (EXISTS ( SELECT
           FROM reconciliation.counted l
          WHERE l.about = ((h.gateway || '/'::text) || h.order_no) AND l.kind = h.kind AND
                CASE
                    WHEN h.kind = 'refund'::text THEN l.refund_no = h.refund_no
                    ELSE l.trade_no = h.trade_no OR h.id = h.order_no
                END));

CREATE TRIGGER break_has_its_round BEFORE UPDATE ON reconciliation.break FOR EACH ROW EXECUTE FUNCTION reconciliation.check_round();
CREATE TRIGGER break_is_decided BEFORE UPDATE OF state ON reconciliation.break FOR EACH ROW WHEN (((old.state <> new.state) AND (new.state = ANY (ARRAY['settled'::text, 'booking'::text])))) EXECUTE FUNCTION reconciliation.check_settled();
CREATE TRIGGER break_is_kept BEFORE DELETE OR TRUNCATE ON reconciliation.break FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER break_takes_a_step BEFORE UPDATE OF state ON reconciliation.break FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('open to proposed', 'open to settled', 'open to ended', 'proposed to open', 'proposed to settled', 'proposed to booking', 'booking to settled', 'ended to open', 'settled to open');
CREATE TRIGGER line_is_as_it_came BEFORE UPDATE OR TRUNCATE ON reconciliation.line FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER proposal_is_fair BEFORE INSERT OR UPDATE ON reconciliation.proposal FOR EACH ROW EXECUTE FUNCTION reconciliation.check_proposal();
CREATE TRIGGER proposal_is_kept BEFORE DELETE OR TRUNCATE ON reconciliation.proposal FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER proposal_takes_a_step BEFORE UPDATE OF state ON reconciliation.proposal FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('proposed to confirmed', 'proposed to rejected');

CREATE OR REPLACE FUNCTION reconciliation.alone_on(p_person text, p_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
  select coalesce(sum(b.at_stake), 0)::bigint
  from reconciliation.proposal p join reconciliation.break b on b.id = p.break
  where p.proposed_by = p_person and p.state = 'alone'
    and p.proposed_at >= date_trunc('day', p_at, 'Asia/Shanghai')
    and p.proposed_at < date_trunc('day', p_at, 'Asia/Shanghai') + interval '24 hours'
$function$;

CREATE OR REPLACE FUNCTION reconciliation.check_proposal()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  about reconciliation.break;
begin
  select * into about from reconciliation.break where id = new.break;
  if tg_op = 'INSERT' then new.round := about.round; end if;
  if tg_op = 'INSERT' and new.state = 'alone' then
    perform pg_advisory_xact_lock(hashtextextended('alone ' || new.proposed_by, 0));
    if about.currency <> 'CNY' or about.at_stake + reconciliation.alone_on(new.proposed_by, new.proposed_at) > 10000 then
      raise exception '% is worth % %, which is more than % settles alone on a day',
        about.id, about.at_stake, about.currency, new.proposed_by
        using errcode = 'check_violation', constraint = 'above_the_limit_it_takes_two';
    end if;
  end if;
  if new.kind = 'book' and (about.of <> 'payment' or about.kind not in ('missing_here', 'wrong_state', 'wrong_number')
    or tg_op = 'INSERT' and about.there_minor = 0) then
    raise exception '% has no payment to book', about.id
      using errcode = 'check_violation', constraint = 'only_a_payment_is_booked';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION reconciliation.check_round()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if new.round < old.round or old.state = 'settled' and new.state = 'open' and new.round = old.round then
    raise exception '% was settled in this round', new.id
      using errcode = 'check_violation', constraint = 'what_was_settled_opens_in_a_new_round';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION reconciliation.check_settled()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if not exists (
    select from reconciliation.proposal p where p.break = new.id and p.round = new.round and (
      p.state = 'confirmed' and p.kind = case new.state when 'booking' then 'book' else p.kind end
      or p.state = 'alone' and new.state = 'settled'))
  then
    raise exception '% is settled by nobody', new.id
      using errcode = 'check_violation', constraint = 'nothing_is_settled_undecided';
  end if;
  return new;
end $function$;

grant usage on schema reconciliation to bursar_app;
grant usage on schema reconciliation to bursar_report;
grant insert, select on reconciliation.bill to bursar_app;
grant select on reconciliation.bill to bursar_report;
grant insert, select on reconciliation.booked to bursar_app;
grant select on reconciliation.booked to bursar_report;
grant insert, select on reconciliation.break to bursar_app;
grant select on reconciliation.break to bursar_report;
grant insert, select on reconciliation.counted to bursar_app;
grant select on reconciliation.counted to bursar_report;
grant insert, select on reconciliation.judged to bursar_app;
grant select on reconciliation.judged to bursar_report;
grant delete, insert, select on reconciliation.line to bursar_app;
grant select on reconciliation.line to bursar_report;
grant insert, select on reconciliation.platform to bursar_app;
grant select on reconciliation.platform to bursar_report;
grant insert, select on reconciliation.proposal to bursar_app;
grant select on reconciliation.proposal to bursar_report;
grant insert, select on reconciliation.unseen to bursar_app;
grant select on reconciliation.unseen to bursar_report;
grant update (ask_at, here_paid, here_payments, here_refunded, here_refunds, matched, problem, state, take, taken_at, there_fee, there_paid, there_payments, there_refunded, there_refunds, tries) on reconciliation.bill to bursar_app;
grant update (agreed_fee, at_stake, currency, ended_at, found_at, here_at, here_id, here_minor, here_state, round, state, there_at, there_fee, there_minor) on reconciliation.break to bursar_app;
grant update (fee_bps, set_at, set_by) on reconciliation.platform to bursar_app;
grant update (answer, decided_at, decided_by, outcome, state) on reconciliation.proposal to bursar_app;
grant execute on function reconciliation.alone_on(text,timestamp with time zone) to bursar_app;

-- settlement --------------------------------------------------------------------------------------

create schema settlement;

create table settlement.break (
  payout text,
  kind text not null,
  said text not null,
  minor bigint,
  currency character(3),
  serial text,
  found_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  residue text,
  about text not null generated always as (COALESCE(payout, residue)) stored,
  constraint break_pkey PRIMARY KEY (about, kind),
  constraint break_payout_fkey FOREIGN KEY (payout) REFERENCES settlement.payout(id),
  constraint break_residue_fkey FOREIGN KEY (residue) REFERENCES settlement.residue(id),
  constraint a_break_is_of_one_payment CHECK ((num_nonnulls(payout, residue) = 1)),
  constraint break_said_check CHECK ((said = ANY (ARRAY['paid'::text, 'bounced'::text, 'closed'::text, 'none'::text]))),
  constraint kind_is_known CHECK ((kind = ANY (ARRAY['unbooked'::text, 'wrong_amount'::text, 'wrong_state'::text]))),
  constraint only_what_was_executed_has_a_sum CHECK ((((said = ANY (ARRAY['closed'::text, 'none'::text])) = (minor IS NULL)) AND ((minor IS NULL) = (currency IS NULL))))
);
CREATE INDEX break_by_time ON settlement.break USING btree (found_at, about, kind);
CREATE INDEX break_of_residue ON settlement.break USING btree (residue) WHERE (ended_at IS NULL);
CREATE INDEX break_open ON settlement.break USING btree (found_at, about, kind) WHERE (ended_at IS NULL);

create table settlement.inbox (
  gateway text not null,
  event text not null,
  received_at timestamp with time zone not null,
  outcome text not null,
  payout text not null,
  body bytea not null,
  constraint inbox_pkey PRIMARY KEY (gateway, event),
  constraint outcome_is_known CHECK ((outcome = ANY (ARRAY['taken'::text, 'known'::text, 'out_of_order'::text, 'unknown_payout'::text, 'wrong_amount'::text, 'wrong_account'::text, 'wrong_state'::text, 'unbooked'::text])))
);
CREATE INDEX inbox_unexpected ON settlement.inbox USING btree (received_at) WHERE (outcome <> ALL (ARRAY['taken'::text, 'known'::text]));

create table settlement.payout (
  id text not null,
  request text not null,
  minor bigint not null,
  currency character(3) not null,
  gateway text not null,
  state text not null default 'sending'::text,
  attempt integer not null default 1,
  ask_at timestamp with time zone,
  sent_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  reason text,
  serial text,
  closed_at timestamp with time zone,
  constraint payout_pkey PRIMARY KEY (id),
  constraint a_request_is_paid_once UNIQUE (request),
  constraint a_payout_pays_what_was_approved FOREIGN KEY (request, minor, currency) REFERENCES settlement.request(id, minor, currency),
  constraint an_ended_payout_has_its_time CHECK (((state = ANY (ARRAY['paid'::text, 'bounced'::text])) = (ended_at IS NOT NULL))),
  constraint nothing_bounces_without_a_reason CHECK (((state <> 'bounced'::text) OR (reason IS NOT NULL))),
  constraint nothing_is_paid_that_was_closed CHECK (((state <> 'paid'::text) OR (closed_at IS NULL))),
  constraint payout_attempt_check CHECK ((attempt > 0)),
  constraint payout_id_check CHECK ((id ~~ 'pay\_%'::text)),
  constraint state_is_known CHECK ((state = ANY (ARRAY['sending'::text, 'closing'::text, 'accepted'::text, 'unbooked'::text, 'paid'::text, 'bounced'::text])))
);
CREATE INDEX payout_to_ask ON settlement.payout USING btree (ask_at) WHERE (ask_at IS NOT NULL);
CREATE INDEX payout_unbooked ON settlement.payout USING btree (sent_at, id) WHERE (state = 'unbooked'::text);

create table settlement.request (
  id text not null,
  book integer not null,
  merchant text not null,
  minor bigint not null,
  currency character(3) not null,
  payee_bank text not null,
  payee_account text not null,
  payee_name text not null,
  terms text not null,
  rests_after text,
  state text not null default 'submitted'::text,
  requested_by text not null,
  requested_at timestamp with time zone not null,
  reviewed_by text,
  reason text,
  ordinal integer not null,
  constraint request_pkey PRIMARY KEY (id),
  constraint a_merchants_requests_are_numbered UNIQUE (merchant, ordinal),
  constraint request_id_minor_currency_key UNIQUE (id, minor, currency),
  constraint request_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint request_requested_by_fkey FOREIGN KEY (requested_by) REFERENCES parties.person(id),
  constraint request_rests_after_fkey FOREIGN KEY (rests_after) REFERENCES settlement.request(id),
  constraint request_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES parties.person(id),
  constraint a_rejection_has_a_reason CHECK (((state <> 'rejected'::text) OR (reason IS NOT NULL))),
  constraint nobody_reviews_their_own_request CHECK ((reviewed_by <> requested_by)),
  constraint nothing_is_decided_unreviewed CHECK (((state = ANY (ARRAY['submitted'::text, 'withdrawn'::text])) OR (reviewed_by IS NOT NULL))),
  constraint request_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint request_id_check CHECK ((id ~~ 'stl\_%'::text)),
  constraint request_minor_check CHECK ((minor > 0)),
  constraint request_ordinal_check CHECK ((ordinal > 0)),
  constraint request_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
  constraint request_terms_check CHECK ((length(terms) = 64)),
  constraint state_is_known CHECK ((state = ANY (ARRAY['submitted'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text, 'paying'::text, 'paid'::text, 'bounced'::text])))
);
CREATE INDEX request_by_state ON settlement.request USING btree (state, requested_at, id);
CREATE INDEX request_by_time ON settlement.request USING btree (requested_at, id);
CREATE INDEX request_of_merchant ON settlement.request USING btree (merchant, requested_at, id);

create table settlement.residue (
  id text not null,
  book integer not null,
  part text not null,
  purse text not null,
  minor bigint not null,
  currency character(3) not null,
  bank text not null,
  account text not null,
  holder text not null,
  state text not null default 'submitted'::text,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  reviewed_by text,
  reason text,
  gateway text,
  attempt integer not null default 0,
  ask_at timestamp with time zone,
  serial text,
  ended_at timestamp with time zone,
  hold uuid not null,
  moved uuid,
  closed_at timestamp with time zone,
  constraint residue_pkey PRIMARY KEY (id),
  constraint residue_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES parties.person(id),
  constraint residue_part_fkey FOREIGN KEY (part) REFERENCES custody.part(id),
  constraint residue_purse_fkey FOREIGN KEY (purse) REFERENCES custody.purse(id),
  constraint residue_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES parties.person(id),
  constraint an_ended_residue_has_its_time CHECK (((state = ANY (ARRAY['withdrawn'::text, 'rejected'::text, 'paid'::text, 'returning'::text, 'bounced'::text])) = (ended_at IS NOT NULL))),
  constraint nobody_reviews_their_own_residue CHECK ((reviewed_by <> asked_by)),
  constraint nothing_goes_back_without_a_reason CHECK (((state <> ALL (ARRAY['rejected'::text, 'returning'::text, 'bounced'::text])) OR (reason IS NOT NULL))),
  constraint nothing_is_paid_that_was_closed CHECK (((state <> 'paid'::text) OR (closed_at IS NULL))),
  constraint nothing_is_paid_unreviewed CHECK (((state = ANY (ARRAY['submitted'::text, 'withdrawn'::text])) = (reviewed_by IS NULL))),
  constraint residue_account_check CHECK ((account ~ '^[0-9]{8,34}$'::text)),
  constraint residue_attempt_check CHECK ((attempt >= 0)),
  constraint residue_bank_check CHECK (((length(bank) >= 1) AND (length(bank) <= 80))),
  constraint residue_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint residue_holder_check CHECK (((length(holder) >= 1) AND (length(holder) <= 80))),
  constraint residue_id_check CHECK ((id ~~ 'rsd\_%'::text)),
  constraint residue_minor_check CHECK ((minor > 0)),
  constraint residue_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['submitted'::text, 'withdrawn'::text, 'rejected'::text, 'sending'::text, 'accepted'::text, 'closing'::text, 'unbooked'::text, 'paid'::text, 'returning'::text, 'bounced'::text])))
);
CREATE INDEX residue_by_state ON settlement.residue USING btree (state, asked_at, id);
CREATE INDEX residue_by_time ON settlement.residue USING btree (asked_at, id);
CREATE INDEX residue_of_part ON settlement.residue USING btree (part, asked_at DESC);
CREATE INDEX residue_of_purse ON settlement.residue USING btree (purse, asked_at DESC, id DESC);
CREATE INDEX residue_to_ask ON settlement.residue USING btree (ask_at) WHERE (ask_at IS NOT NULL);

create table settlement.residue_step (
  residue text not null,
  name text not null,
  taken_by text not null,
  taken_at timestamp with time zone not null,
  reason text,
  constraint residue_step_pkey PRIMARY KEY (residue, name),
  constraint residue_step_residue_fkey FOREIGN KEY (residue) REFERENCES settlement.residue(id),
  constraint residue_step_name_check CHECK ((name = ANY (ARRAY['submit'::text, 'withdraw'::text, 'approve'::text, 'reject'::text, 'pay'::text, 'bounce'::text])))
);

create table settlement.step (
  request text not null,
  name text not null,
  taken_by text not null,
  taken_at timestamp with time zone not null,
  reason text,
  constraint step_pkey PRIMARY KEY (request, name),
  constraint step_request_fkey FOREIGN KEY (request) REFERENCES settlement.request(id),
  constraint step_name_check CHECK ((name = ANY (ARRAY['submit'::text, 'approve'::text, 'reject'::text, 'withdraw'::text, 'send'::text, 'pay'::text, 'bounce'::text])))
);

create view settlement.listed with () as
 SELECT r.id,
    r.book,
    r.merchant,
    m.name AS "merchantName",
    r.minor,
    r.currency,
    r.terms,
    r.state,
    jsonb_build_object('bank', r.payee_bank, 'account', r.payee_account, 'name', r.payee_name) AS payee,
    r.requested_by AS "requestedBy",
    asker.name AS "requestedByName",
    r.requested_at AS "requestedAt",
    r.reviewed_by AS "reviewedBy",
    reviewer.name AS "reviewedByName",
    r.reason
   FROM settlement.request r
     JOIN parties.merchant m ON m.id = r.merchant
     JOIN parties.person asker ON asker.id = r.requested_by
     LEFT JOIN parties.person reviewer ON reviewer.id = r.reviewed_by;

CREATE TRIGGER break_is_kept BEFORE DELETE OR TRUNCATE ON settlement.break FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER inbox_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON settlement.inbox FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER payout_goes_on BEFORE UPDATE ON settlement.payout FOR EACH ROW EXECUTE FUNCTION settlement.check_payout();
CREATE TRIGGER payout_is_kept BEFORE DELETE OR TRUNCATE ON settlement.payout FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER request_is_kept BEFORE DELETE OR TRUNCATE ON settlement.request FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER request_takes_a_step BEFORE UPDATE ON settlement.request FOR EACH ROW EXECUTE FUNCTION settlement.check_step();
CREATE CONSTRAINT TRIGGER asked_residue_is_reserved AFTER INSERT ON settlement.residue DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement.check_residue_books();
CREATE CONSTRAINT TRIGGER residue_is_booked AFTER UPDATE OF state ON settlement.residue DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION settlement.check_residue_books();
CREATE TRIGGER residue_is_kept BEFORE DELETE OR TRUNCATE ON settlement.residue FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER residue_is_of_its_part BEFORE INSERT ON settlement.residue FOR EACH ROW EXECUTE FUNCTION settlement.check_residue();
CREATE TRIGGER residue_takes_a_step BEFORE UPDATE ON settlement.residue FOR EACH ROW EXECUTE FUNCTION settlement.check_residue_step();
CREATE TRIGGER residue_step_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON settlement.residue_step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER step_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON settlement.step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();

CREATE OR REPLACE FUNCTION settlement.check_payout()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if old.state <> new.state and (old.state, new.state) not in (
    ('sending', 'closing'), ('sending', 'accepted'), ('sending', 'unbooked'), ('sending', 'paid'),
    ('sending', 'bounced'),
    ('accepted', 'closing'), ('accepted', 'unbooked'), ('accepted', 'paid'), ('accepted', 'bounced'),
    ('closing', 'accepted'), ('closing', 'unbooked'), ('closing', 'paid'), ('closing', 'bounced'),
    ('unbooked', 'paid'), ('unbooked', 'bounced'), ('paid', 'bounced'))
  then
    raise exception 'A payout does not go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'a_payout_goes_only_where_it_can';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION settlement.check_residue()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  refused record;
  asked bigint;
  claimed bigint;
begin
  if new.state <> 'submitted' then
    raise exception '% is not decided when it is asked for', new.id
      using errcode = 'check_violation', constraint = 'a_residue_begins_as_a_wish';
  end if;
  perform from custody.part where id = new.part for update;
  select p.state, p.minor, p.book, p.top_up, w.purse, w.currency, u.person, n.name into refused
  from custody.part p
  join custody.withdrawal w on w.id = p.withdrawal
  join custody.purse u on u.id = w.purse
  join parties.person n on n.id = u.person
  where p.id = new.part;
  if refused.state is distinct from 'returned' or refused.book <> new.book
    or refused.purse <> new.purse or refused.currency <> new.currency
  then
    raise exception '% was not refused to %', new.part, new.purse
      using errcode = 'check_violation', constraint = 'a_residue_is_of_a_refused_part';
  end if;
  if refused.person <> new.asked_by or refused.name <> new.holder then
    raise exception '% is not of who asks, in their own name', new.id
      using errcode = 'check_violation', constraint = 'a_residue_goes_to_the_guest';
  end if;
  select coalesce(sum(r.minor), 0) into asked from settlement.residue r
  where r.part = new.part and r.state not in ('withdrawn', 'rejected', 'bounced');
  if asked + new.minor > refused.minor then
    raise exception 'More is asked than % of %', refused.minor, new.part
      using errcode = 'check_violation', constraint = 'no_more_than_was_refused';
  end if;
  select new.minor
    + (select coalesce(sum(p.minor), 0) from custody.part p
       where p.top_up = refused.top_up and p.state <> 'returned')
    + (select coalesce(sum(r.minor), 0) from settlement.residue r join custody.part p on p.id = r.part
       where p.top_up = refused.top_up and r.state not in ('withdrawn', 'rejected', 'bounced'))
  into claimed;
  if claimed > (select t.returned from custody.top_up t where t.id = refused.top_up) then
    raise exception '% is not claimed of %', new.id, refused.top_up
      using errcode = 'check_violation', constraint = 'what_the_bank_pays_the_platform_does_not';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION settlement.check_residue_books()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  ended record;
  moved text;
begin
  select e.kind, e.minor into ended
  from ledger.entry h join ledger.entry e on e.book = h.book and e.pend = h.seq
  where h.book = new.book and h.id = new.hold;
  select e.event || ' ' || d.ref || ' ' || c.ref into moved
  from ledger.entry e
  join ledger.account d on d.book = e.book and d.account = e.debit
  join ledger.account c on c.book = e.book and c.account = e.credit
  where e.book = new.book and e.id = case new.state when 'submitted' then new.hold else new.moved end
    and e.subject = new.id and e.minor = new.minor
    and e.kind = case new.state when 'submitted' then 2 else 1 end;
  if not coalesce(case new.state
    when 'submitted' then ended.kind is null
      and moved = 'residue_asked purse/' || new.purse || ' pool/transit-out'
    when 'withdrawn' then ended.kind = 4
    when 'rejected' then ended.kind = 4
    when 'paid' then ended.kind = 3 and ended.minor = new.minor
      and moved = 'residue_paid pool/transit-out pool/custody'
    when 'returning' then ended.kind is distinct from 4
    when 'bounced' then ended.kind is not distinct from 4
      or coalesce(moved = 'residue_bounced pool/custody purse/' || new.purse, false)
    else ended.kind is null end, false)
  then
    raise exception '% is %, and the book does not say so', new.id, new.state
      using errcode = 'check_violation', constraint = 'a_residue_is_as_the_book_has_it';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION settlement.check_residue_step()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if (old.id, old.book, old.part, old.purse, old.minor, old.currency, old.bank, old.account, old.holder, old.asked_by,
      old.asked_at, old.hold)
    is distinct from (new.id, new.book, new.part, new.purse, new.minor, new.currency, new.bank, new.account, new.holder,
      new.asked_by, new.asked_at, new.hold)
  then
    raise exception 'What was asked in % stays as it was asked', old.id
      using errcode = 'check_violation', constraint = 'what_was_asked_stays';
  end if;
  if old.state <> new.state and (old.state, new.state) not in (
    ('submitted', 'withdrawn'), ('submitted', 'rejected'), ('submitted', 'sending'),
    ('sending', 'accepted'), ('sending', 'closing'), ('accepted', 'closing'), ('closing', 'accepted'),
    ('sending', 'unbooked'), ('sending', 'paid'), ('sending', 'returning'), ('sending', 'bounced'),
    ('accepted', 'unbooked'), ('accepted', 'paid'), ('accepted', 'returning'), ('accepted', 'bounced'),
    ('closing', 'unbooked'), ('closing', 'paid'), ('closing', 'returning'), ('closing', 'bounced'),
    ('unbooked', 'paid'), ('unbooked', 'returning'), ('unbooked', 'bounced'),
    ('paid', 'returning'), ('paid', 'bounced'), ('returning', 'bounced'))
  then
    raise exception 'A residue does not go from % to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'a_residue_goes_only_where_it_can';
  end if;
  if new.reviewed_by is distinct from old.reviewed_by and old.reviewed_by is not null then
    raise exception '% was reviewed by %', old.id, old.reviewed_by
      using errcode = 'check_violation', constraint = 'a_review_stays_whose_it_was';
  end if;
  if new.reviewed_by is distinct from old.reviewed_by and exists (
    select from custody.purse u join parties.seat s on s.organisation = u.merchant
    where u.id = new.purse and s.person = new.reviewed_by and s.ended_at is null)
  then
    raise exception '% has a seat at the merchant', new.reviewed_by
      using errcode = 'check_violation', constraint = 'no_residue_reviewer_sits_at_the_merchant';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION settlement.check_step()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if old.state <> new.state and (old.state, new.state) not in (
    ('submitted', 'approved'), ('submitted', 'rejected'), ('submitted', 'withdrawn'),
    ('approved', 'paying'), ('paying', 'paid'), ('paying', 'bounced'), ('paid', 'bounced'))
  then
    raise exception 'From % no step leads to %', old.state, new.state
      using errcode = 'check_violation', constraint = 'only_known_steps_are_taken';
  end if;
  if new.reviewed_by is distinct from old.reviewed_by and exists (
    select from parties.seat
    where organisation = new.merchant and person = new.reviewed_by and ended_at is null)
  then
    raise exception '% has a seat at %', new.reviewed_by, new.merchant
      using errcode = 'check_violation', constraint = 'no_reviewer_sits_at_the_merchant';
  end if;
  return new;
end $function$;

grant usage on schema settlement to bursar_app;
grant usage on schema settlement to bursar_report;
grant insert, select on settlement.break to bursar_app;
grant select on settlement.break to bursar_report;
grant insert, select on settlement.inbox to bursar_app;
grant insert, select on settlement.listed to bursar_app;
grant insert, select on settlement.payout to bursar_app;
grant select on settlement.payout to bursar_report;
grant insert, select on settlement.request to bursar_app;
grant select on settlement.request to bursar_report;
grant insert, select on settlement.residue to bursar_app;
grant insert, select on settlement.residue_step to bursar_app;
grant select on settlement.residue_step to bursar_report;
grant insert, select on settlement.step to bursar_app;
grant select on settlement.step to bursar_report;
grant update (currency, ended_at, found_at, minor, said, serial) on settlement.break to bursar_app;
grant select (event, gateway, outcome, payout, received_at) on settlement.inbox to bursar_report;
grant update (ask_at, attempt, closed_at, ended_at, reason, serial, state) on settlement.payout to bursar_app;
grant update (reason, reviewed_by, state) on settlement.request to bursar_app;
grant update (ask_at, attempt, closed_at, ended_at, gateway, moved, reason, reviewed_by, serial, state) on settlement.residue to bursar_app;
grant select (ask_at, asked_at, asked_by, attempt, bank, book, closed_at, currency, ended_at, gateway, hold, id, minor, moved, part, purse, reason, reviewed_by, serial, state) on settlement.residue to bursar_report;

-- integrators -------------------------------------------------------------------------------------

create schema integrators;

create table integrators.attempt (
  event text not null,
  endpoint text not null,
  n integer not null,
  sent_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  status integer,
  error text,
  answer text,
  constraint attempt_pkey PRIMARY KEY (event, endpoint, n),
  constraint attempt_event_endpoint_fkey FOREIGN KEY (event, endpoint) REFERENCES integrators.delivery(event, endpoint) ON DELETE CASCADE,
  constraint attempt_answer_check CHECK ((octet_length(answer) <= 4096)),
  constraint attempt_n_check CHECK ((n > 0))
);

create table integrators.delivery (
  event text not null,
  endpoint text not null,
  state text not null default 'waiting'::text,
  due_at timestamp with time zone not null,
  tries integer not null default 0,
  sent integer not null default 0,
  constraint delivery_pkey PRIMARY KEY (event, endpoint),
  constraint delivery_endpoint_fkey FOREIGN KEY (endpoint) REFERENCES integrators.endpoint(id),
  constraint delivery_event_fkey FOREIGN KEY (event) REFERENCES integrators.event(id) ON DELETE CASCADE,
  constraint delivery_check CHECK ((sent >= tries)),
  constraint delivery_tries_check CHECK (((tries >= 0) AND (tries <= 10))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text])))
);
CREATE INDEX delivery_due ON integrators.delivery USING btree (endpoint, due_at) WHERE (state = 'waiting'::text);
CREATE INDEX delivery_untold ON integrators.delivery USING btree (state) WHERE (state <> 'delivered'::text);

create table integrators.endpoint (
  id text not null,
  merchant text not null,
  url text not null,
  events text[] not null,
  state text not null default 'live'::text,
  why text,
  since timestamp with time zone not null,
  failing_since timestamp with time zone,
  made_by text not null,
  made_at timestamp with time zone not null,
  constraint endpoint_pkey PRIMARY KEY (id),
  constraint endpoint_made_by_fkey FOREIGN KEY (made_by) REFERENCES parties.person(id),
  constraint endpoint_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint endpoint_events_check CHECK (((cardinality(events) >= 1) AND (cardinality(events) <= 20))),
  constraint endpoint_id_check CHECK ((id ~~ 'whe\_%'::text)),
  constraint endpoint_url_check CHECK (((url ~ '^https?://'::text) AND (length(url) <= 500))),
  constraint endpoint_why_check CHECK ((why = ANY (ARRAY['owner'::text, 'failing'::text, 'gone'::text]))),
  constraint state_is_known CHECK ((state = ANY (ARRAY['live'::text, 'disabled'::text, 'ended'::text]))),
  constraint what_is_not_live_says_why CHECK (((state = 'live'::text) = (why IS NULL)))
);
CREATE INDEX endpoint_live ON integrators.endpoint USING btree (id) WHERE (state = 'live'::text);
CREATE INDEX endpoint_of_merchant ON integrators.endpoint USING btree (merchant, made_at) WHERE (state <> 'ended'::text);

create table integrators.event (
  id text not null,
  merchant text not null,
  type text not null,
  subject text not null,
  at timestamp with time zone not null,
  body text not null,
  constraint event_pkey PRIMARY KEY (id),
  constraint event_id_check CHECK ((id ~~ 'evt\_%'::text))
);
CREATE INDEX event_by_age ON integrators.event USING btree (at);
CREATE INDEX event_of_merchant ON integrators.event USING btree (merchant, at DESC, id DESC);

create table integrators.reader (
  book integer not null,
  seq bigint not null,
  constraint reader_pkey PRIMARY KEY (book),
  constraint reader_seq_check CHECK ((seq >= 0))
);

create table integrators.secret (
  id text not null,
  endpoint text not null,
  fingerprint text not null,
  made_at timestamp with time zone not null,
  ends_at timestamp with time zone,
  constraint secret_pkey PRIMARY KEY (id),
  constraint secret_endpoint_fkey FOREIGN KEY (endpoint) REFERENCES integrators.endpoint(id),
  constraint secret_fingerprint_check CHECK ((length(fingerprint) = 16)),
  constraint secret_id_check CHECK ((id ~~ 'whs\_%'::text))
);
CREATE UNIQUE INDEX an_endpoint_has_one_newest_secret ON integrators.secret USING btree (endpoint) WHERE (ends_at IS NULL);

create table integrators.shop_order (
  id text not null,
  merchant text not null,
  merchant_code text not null,
  subject text not null,
  reference text not null,
  return_url text,
  created_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  closed_why text,
  constraint shop_order_pkey PRIMARY KEY (id),
  constraint an_order_is_one_merchant_code UNIQUE (merchant_code),
  constraint shop_order_merchant_code_fkey FOREIGN KEY (merchant_code) REFERENCES custody.merchant_code(id),
  constraint shop_order_merchant_fkey FOREIGN KEY (merchant) REFERENCES custody.merchant(merchant),
  constraint an_end_has_its_reason CHECK (((closed_at IS NULL) = (closed_why IS NULL))),
  constraint an_order_waits_for_a_while CHECK ((expires_at > created_at)),
  constraint shop_order_closed_why_check CHECK ((closed_why = ANY (ARRAY['shop'::text, 'time'::text]))),
  constraint shop_order_created_by_check CHECK ((created_by ~ '^(per|key)_'::text)),
  constraint shop_order_id_check CHECK ((id ~~ 'ord\_%'::text)),
  constraint shop_order_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 100))),
  constraint shop_order_return_url_check CHECK (((return_url ~ '^https?://'::text) AND (length(return_url) <= 500))),
  constraint shop_order_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 100)))
);
CREATE INDEX shop_order_by_reference ON integrators.shop_order USING btree (merchant, reference);
CREATE INDEX shop_order_of_merchant ON integrators.shop_order USING btree (merchant, created_at DESC, id DESC);
CREATE INDEX shop_order_open ON integrators.shop_order USING btree (expires_at) WHERE (closed_at IS NULL);

create view integrators.order_now with (security_invoker=true) as
 SELECT o.id,
    o.merchant,
    o.merchant_code,
    o.subject,
    o.reference,
    o.return_url,
    o.created_by,
    o.created_at,
    o.expires_at,
    o.closed_at,
    o.closed_why,
    c.minor,
    c.currency,
    s.id AS spend,
    s.at AS paid_at,
    COALESCE(s.refunded, 0::bigint) AS refunded,
        CASE
            WHEN s.state = 'done'::text THEN 'paid'::text
            WHEN s.state = 'waiting'::text AND s.expires_at > clock_timestamp() THEN 'waiting'::text
            WHEN s.id IS NOT NULL OR o.closed_at IS NOT NULL THEN 'closed'::text
            ELSE 'open'::text
        END AS state
   FROM integrators.shop_order o
     JOIN custody.merchant_code c ON c.id = o.merchant_code
     LEFT JOIN ledger.entry e ON e.book = c.book AND e.id = c.use
     LEFT JOIN ledger.archived a ON a.book = c.book AND a.id = c.use AND e.id IS NULL
     LEFT JOIN custody.spend s ON s.book = c.book AND s.id =
        CASE
            WHEN a.id IS NULL THEN e.subject
            ELSE ( SELECT used.id
               FROM custody.spend used
              WHERE used.book = c.book AND used.merchant_code = o.merchant_code)
        END;

CREATE TRIGGER endpoint_ends_once BEFORE UPDATE ON integrators.endpoint FOR EACH ROW EXECUTE FUNCTION integrators.check_endpoint();
CREATE TRIGGER reader_goes_forward BEFORE UPDATE ON integrators.reader FOR EACH ROW EXECUTE FUNCTION integrators.check_reader();
CREATE TRIGGER order_is_closed_once BEFORE UPDATE ON integrators.shop_order FOR EACH ROW EXECUTE FUNCTION integrators.check_order();
CREATE TRIGGER order_is_kept BEFORE DELETE OR TRUNCATE ON integrators.shop_order FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();

CREATE OR REPLACE FUNCTION integrators.check_endpoint()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if old.state = 'ended' then
    raise exception '% has ended', old.id
      using errcode = 'check_violation', constraint = 'an_endpoint_that_ended_stays_ended';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION integrators.check_order()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if old.closed_at is not null then
    raise exception '% is closed', old.id
      using errcode = 'check_violation', constraint = 'an_order_is_closed_once';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION integrators.check_reader()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if new.seq < old.seq then
    raise exception 'Book % was read up to %', old.book, old.seq
      using errcode = 'check_violation', constraint = 'a_book_is_read_forward';
  end if;
  return new;
end $function$;

grant usage on schema integrators to bursar_app;
grant usage on schema integrators to bursar_report;
grant insert, select on integrators.attempt to bursar_app;
grant insert, select on integrators.delivery to bursar_app;
grant select on integrators.delivery to bursar_report;
grant insert, select on integrators.endpoint to bursar_app;
grant select on integrators.endpoint to bursar_report;
grant delete, insert, select on integrators.event to bursar_app;
grant select on integrators.event to bursar_report;
grant insert, select on integrators.order_now to bursar_app;
grant select on integrators.order_now to bursar_report;
grant insert, select on integrators.reader to bursar_app;
grant select on integrators.reader to bursar_report;
grant insert, select on integrators.secret to bursar_app;
grant insert, select on integrators.shop_order to bursar_app;
grant select on integrators.shop_order to bursar_report;
grant update (answer, ended_at, error, status) on integrators.attempt to bursar_app;
grant update (due_at, sent, state, tries) on integrators.delivery to bursar_app;
grant update (events, failing_since, since, state, url, why) on integrators.endpoint to bursar_app;
grant update (seq) on integrators.reader to bursar_app;
grant update (ends_at) on integrators.secret to bursar_app;
grant update (closed_at, closed_why) on integrators.shop_order to bursar_app;

-- notices -----------------------------------------------------------------------------------------

create schema notices;

create table notices.aside (
  book integer not null,
  seq bigint not null,
  merchant text,
  subject text,
  why text not null,
  at timestamp with time zone not null,
  constraint an_entry_is_set_aside_once PRIMARY KEY (book, seq),
  constraint aside_merchant_fkey FOREIGN KEY (merchant) REFERENCES notices.stream(merchant)
);
CREATE INDEX aside_of_merchant ON notices.aside USING btree (merchant, at DESC);

create table notices.bill (
  gateway text not null,
  day date not null,
  take integer not null,
  line integer not null default 0,
  done boolean not null default false,
  constraint a_bill_is_read_once PRIMARY KEY (gateway, day, take)
);
CREATE INDEX bill_open ON notices.bill USING btree (day, gateway, take) WHERE (NOT done);

create table notices.counter (
  id text not null,
  merchant text not null,
  outlet text,
  name text not null,
  threshold text not null,
  patience integer not null,
  late_spoken boolean not null,
  large bigint,
  currency character(3),
  quiet_from integer,
  quiet_to integer,
  open boolean not null,
  opened_at timestamp with time zone not null default now(),
  secret text not null default encode(sha256((uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))), 'hex'::text),
  rehearse integer[] not null default '{}'::integer[],
  rehearse_since timestamp with time zone not null default now(),
  constraint counter_pkey PRIMARY KEY (id),
  constraint an_outlet_has_one_counter UNIQUE NULLS NOT DISTINCT (merchant, outlet),
  constraint counter_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id),
  constraint counter_outlet_fkey FOREIGN KEY (outlet) REFERENCES parties.outlet(id),
  constraint a_day_has_24_hours CHECK ((rehearse <@ ARRAY[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23])),
  constraint a_large_sum_has_a_currency CHECK (((large IS NULL) = (currency IS NULL))),
  constraint counter_id_check CHECK ((id ~~ 'ctr\_%'::text)),
  constraint counter_large_check CHECK ((large >= 0)),
  constraint counter_name_check CHECK (((length(name) >= 1) AND (length(name) <= 40))),
  constraint counter_patience_check CHECK (((patience >= 5) AND (patience <= 86400))),
  constraint counter_quiet_from_check CHECK (((quiet_from >= 0) AND (quiet_from <= 1439))),
  constraint counter_quiet_to_check CHECK (((quiet_to >= 0) AND (quiet_to <= 1439))),
  constraint counter_secret_check CHECK ((length(secret) = 64)),
  constraint counter_threshold_check CHECK ((threshold = ANY (ARRAY['A'::text, 'B'::text]))),
  constraint quiet_hours_begin_and_end CHECK (((quiet_from IS NULL) = (quiet_to IS NULL)))
);
CREATE INDEX counter_open ON notices.counter USING btree (merchant) WHERE open;
CREATE INDEX counter_rehearses ON notices.counter USING btree (id) WHERE (open AND (rehearse <> '{}'::integer[]));

create table notices.difference (
  merchant text not null,
  day date not null,
  counter text not null,
  no integer not null,
  why text not null,
  kind text not null,
  platform text not null,
  order_no text,
  notice text,
  announced bigint,
  came bigint,
  currency character(3) not null,
  constraint difference_pkey PRIMARY KEY (merchant, day, counter, no),
  constraint difference_merchant_day_counter_currency_fkey FOREIGN KEY (merchant, day, counter, currency) REFERENCES notices.night(merchant, day, counter, currency),
  constraint difference_notice_fkey FOREIGN KEY (notice) REFERENCES notices.notice(id),
  constraint difference_kind_check CHECK ((kind = ANY (ARRAY['payment'::text, 'refund'::text, 'reversal'::text]))),
  constraint difference_no_check CHECK ((no > 0)),
  constraint difference_why_check CHECK ((why = ANY (ARRAY['not_announced'::text, 'never_verified'::text, 'not_in_books'::text, 'other_sum'::text, 'contradicted'::text, 'other_day'::text])))
);

create table notices.echo (
  terminal text not null,
  notice text not null,
  seq bigint not null,
  back_at timestamp with time zone,
  constraint a_rehearsal_comes_back_once PRIMARY KEY (notice, terminal),
  constraint echo_notice_fkey FOREIGN KEY (notice) REFERENCES notices.rehearsal(notice),
  constraint echo_terminal_fkey FOREIGN KEY (terminal) REFERENCES notices.terminal(id)
);
CREATE INDEX echo_awaited ON notices.echo USING btree (terminal, seq) WHERE (back_at IS NULL);

create table notices.evidence (
  merchant text not null,
  terminal text not null default ''::text,
  source text not null,
  id text not null,
  no bigint not null generated always as identity,
  notice text,
  outcome text not null,
  grade text not null,
  kind text not null,
  platform text,
  orders text[] not null,
  minor bigint,
  currency character(3),
  payer text,
  payee text,
  way text,
  outlet text,
  at timestamp with time zone not null,
  heard_at timestamp with time zone not null,
  app text,
  text text,
  till text,
  constraint evidence_is_heard_once PRIMARY KEY (merchant, terminal, source, id),
  constraint a_phone_proves_nothing CHECK (
CASE source
    WHEN 'phone'::text THEN (grade = 'C'::text)
    WHEN 'sms'::text THEN (grade = 'B'::text)
    WHEN 'statement'::text THEN (grade = 'A+'::text)
    ELSE (grade = 'A'::text)
END),
  constraint a_till_is_named_with_its_outlet CHECK (((till IS NULL) OR (outlet IS NOT NULL))),
  constraint evidence_grade_check CHECK ((grade = ANY (ARRAY['C'::text, 'B'::text, 'A'::text, 'A+'::text]))),
  constraint evidence_id_check CHECK (((length(id) >= 1) AND (length(id) <= 64))),
  constraint evidence_kind_check CHECK ((kind = ANY (ARRAY['payment'::text, 'refund'::text, 'reversal'::text]))),
  constraint evidence_minor_check CHECK ((minor > 0)),
  constraint evidence_outcome_check CHECK ((outcome = ANY (ARRAY['new'::text, 'raised'::text, 'filtered'::text, 'contradicts'::text, 'unreadable'::text]))),
  constraint evidence_source_check CHECK ((source = ANY (ARRAY['phone'::text, 'sms'::text, 'callback'::text, 'books'::text, 'statement'::text, 'rehearsal'::text]))),
  constraint what_is_told_has_a_notice CHECK (((outcome = 'unreadable'::text) OR ((notice IS NOT NULL) AND (minor IS NOT NULL))))
);
CREATE INDEX evidence_of_merchant ON notices.evidence USING btree (merchant, no DESC);
CREATE INDEX evidence_of_notice ON notices.evidence USING btree (notice, no);
CREATE INDEX evidence_of_terminal ON notices.evidence USING btree (terminal, no DESC) WHERE (terminal <> ''::text);

create table notices.invitation (
  id text not null,
  merchant text not null,
  terminal text,
  name text not null,
  permission jsonb,
  code_hash text not null,
  made_by text not null,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  taken_by text,
  taken_at timestamp with time zone,
  made text,
  constraint invitation_pkey PRIMARY KEY (id),
  constraint a_code_is_one_invitations UNIQUE (code_hash),
  constraint invitation_made_by_fkey FOREIGN KEY (made_by) REFERENCES parties.person(id),
  constraint invitation_made_fkey FOREIGN KEY (made) REFERENCES notices.terminal(id),
  constraint invitation_merchant_fkey FOREIGN KEY (merchant) REFERENCES notices.stream(merchant),
  constraint invitation_taken_by_fkey FOREIGN KEY (taken_by) REFERENCES parties.person(id),
  constraint invitation_terminal_fkey FOREIGN KEY (terminal) REFERENCES notices.terminal(id),
  constraint invitation_code_hash_check CHECK ((length(code_hash) = 64)),
  constraint invitation_id_check CHECK ((id ~~ 'inv\_%'::text)),
  constraint invitation_name_check CHECK (((length(name) >= 1) AND (length(name) <= 40))),
  constraint it_is_a_new_one_or_one_handed_over CHECK (((terminal IS NULL) = (permission IS NOT NULL))),
  constraint nothing_is_taken_up_too_late CHECK ((taken_at <= expires_at)),
  constraint ten_minutes_at_most CHECK ((expires_at <= (made_at + '00:10:00'::interval))),
  constraint what_is_taken_up_says_by_whom CHECK ((((taken_by IS NULL) = (taken_at IS NULL)) AND ((taken_by IS NULL) = (made IS NULL))))
);

create table notices.night (
  merchant text not null,
  counter text not null,
  day date not null,
  currency character(3) not null,
  announced integer not null,
  announced_sum bigint not null,
  came integer not null,
  came_sum bigint not null,
  differences integer not null,
  made_at timestamp with time zone not null,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  seq bigint,
  evidence bigint,
  constraint a_night_is_made_once PRIMARY KEY (merchant, day, counter, currency),
  constraint night_counter_fkey FOREIGN KEY (counter) REFERENCES notices.counter(id),
  constraint night_merchant_fkey FOREIGN KEY (merchant) REFERENCES notices.stream(merchant),
  constraint a_night_ends_after_it_starts CHECK ((ends_at > starts_at)),
  constraint night_differences_check CHECK ((differences >= 0))
);
CREATE INDEX night_of_counter ON notices.night USING btree (counter, day DESC);

create table notices.notice (
  id text not null,
  merchant text not null,
  counter text not null,
  outlet text,
  kind text not null,
  platform text not null,
  minor bigint not null,
  received bigint,
  sum bigint generated always as (COALESCE(received, minor)) stored,
  currency character(3) not null,
  payer text,
  payee text,
  way text,
  at timestamp with time zone not null,
  heard_at timestamp with time zone not null,
  heard integer not null,
  grade text not null,
  weak boolean not null,
  contradicted boolean not null,
  rehearsal boolean not null,
  late boolean not null,
  checked_at timestamp with time zone,
  checked_by text,
  state text generated always as (
CASE
    WHEN (received IS NULL) THEN 'seen'::text
    WHEN (checked_at IS NOT NULL) THEN 'checked'::text
    ELSE 'received'::text
END) stored,
  alike bigint generated always as (
CASE
    WHEN (NOT rehearsal) THEN hashtextextended(((((((((merchant || ' '::text) || platform) || ' '::text) || kind) || ' '::text) || (currency)::text) || ' '::text) || (COALESCE(received, minor))::text), (0)::bigint)
    ELSE NULL::bigint
END) stored,
  open_alike bigint generated always as (
CASE
    WHEN (weak AND (NOT rehearsal)) THEN hashtextextended(((((((((merchant || ' '::text) || platform) || ' '::text) || kind) || ' '::text) || (currency)::text) || ' '::text) || (COALESCE(received, minor))::text), (0)::bigint)
    ELSE NULL::bigint
END) stored,
  till text,
  constraint notice_pkey PRIMARY KEY (id),
  constraint a_till_is_named_with_its_outlet CHECK (((till IS NULL) OR (outlet IS NOT NULL))),
  constraint notice_checked_by_check CHECK ((checked_by ~ '^(per|trm)_'::text)),
  constraint notice_grade_check CHECK ((grade = ANY (ARRAY['C'::text, 'B'::text, 'A'::text, 'A+'::text]))),
  constraint notice_heard_check CHECK ((heard > 0)),
  constraint notice_id_check CHECK ((id ~~ 'ntc\_%'::text)),
  constraint notice_kind_check CHECK ((kind = ANY (ARRAY['payment'::text, 'refund'::text, 'reversal'::text]))),
  constraint notice_minor_check CHECK ((minor > 0)),
  constraint notice_platform_check CHECK ((platform ~ '^[a-z][a-z0-9-]{0,39}$'::text)),
  constraint notice_received_check CHECK ((received > 0)),
  constraint only_good_evidence_is_received CHECK (((received IS NULL) OR (grade <> 'C'::text))),
  constraint what_is_checked_says_who CHECK (((checked_at IS NULL) = (checked_by IS NULL)))
);
CREATE INDEX notice_alike ON notices.notice USING btree (alike, at) WHERE (alike IS NOT NULL);
CREATE INDEX notice_by_time ON notices.notice USING btree (merchant, at);
CREATE INDEX notice_of_merchant ON notices.notice USING btree (merchant, heard_at DESC, id DESC);
CREATE INDEX notice_open_alike ON notices.notice USING btree (open_alike, at) WHERE (open_alike IS NOT NULL);

create table notices.order_id (
  merchant text not null,
  platform text not null,
  order_no text not null,
  kind text not null,
  notice text not null,
  firm boolean not null default true,
  constraint an_order_id_names_one_notice PRIMARY KEY (merchant, platform, order_no, kind, firm),
  constraint order_id_order_no_check CHECK (((length(order_no) >= 1) AND (length(order_no) <= 64)))
);
CREATE INDEX order_id_of_notice ON notices.order_id USING btree (notice);

create table notices.prompt (
  merchant text not null,
  seq bigint not null,
  notice text not null,
  class text not null,
  minor bigint not null,
  before bigint,
  at timestamp with time zone not null,
  late boolean not null,
  loud boolean not null,
  large boolean not null,
  soft boolean not null default false,
  constraint prompt_pkey PRIMARY KEY (merchant, seq),
  constraint a_contradiction_says_what_was_told CHECK (((class = 'contradicted'::text) = (before IS NOT NULL))),
  constraint prompt_before_check CHECK ((before > 0)),
  constraint prompt_class_check CHECK ((class = ANY (ARRAY['seen'::text, 'received'::text, 'contradicted'::text, 'checked'::text]))),
  constraint prompt_minor_check CHECK ((minor > 0)),
  constraint prompt_seq_check CHECK ((seq > 0)),
  constraint what_is_unverified_is_not_spoken CHECK (((class = ANY (ARRAY['received'::text, 'contradicted'::text])) OR (NOT loud))),
  constraint what_sounds_softly_is_not_spoken CHECK (((NOT soft) OR ((NOT loud) AND (class = ANY (ARRAY['seen'::text, 'contradicted'::text])))))
);
CREATE UNIQUE INDEX each_class_is_told_once ON notices.prompt USING btree (notice, class) WHERE (class <> 'contradicted'::text);
CREATE UNIQUE INDEX each_contradiction_is_told_once ON notices.prompt USING btree (notice, minor) WHERE (class = 'contradicted'::text);
CREATE INDEX prompt_of_notice ON notices.prompt USING btree (notice);

create table notices.reader (
  book integer not null,
  seq bigint not null,
  constraint reader_pkey PRIMARY KEY (book)
);

create table notices.refund_request (
  id text not null,
  merchant text not null,
  notice text not null,
  terminal text not null,
  minor bigint not null,
  currency character(3) not null,
  reason text not null,
  state text not null default 'asked'::text,
  asked_by text,
  asked_at timestamp with time zone not null,
  answered_by text,
  answered_at timestamp with time zone,
  answer text,
  constraint refund_request_pkey PRIMARY KEY (id),
  constraint refund_request_merchant_fkey FOREIGN KEY (merchant) REFERENCES notices.stream(merchant),
  constraint refund_request_notice_fkey FOREIGN KEY (notice) REFERENCES notices.notice(id),
  constraint refund_request_terminal_fkey FOREIGN KEY (terminal) REFERENCES notices.terminal(id),
  constraint an_answer_is_somebodys CHECK ((((state = 'asked'::text) = (answered_by IS NULL)) AND ((answered_by IS NULL) = (answered_at IS NULL)))),
  constraint refund_request_answer_check CHECK (((length(answer) >= 1) AND (length(answer) <= 200))),
  constraint refund_request_id_check CHECK ((id ~~ 'rrq\_%'::text)),
  constraint refund_request_minor_check CHECK ((minor > 0)),
  constraint refund_request_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 200))),
  constraint refund_request_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'done'::text, 'refused'::text])))
);
CREATE UNIQUE INDEX one_open_request_per_notice ON notices.refund_request USING btree (notice) WHERE (state = 'asked'::text);
CREATE INDEX refund_request_of_merchant ON notices.refund_request USING btree (merchant, asked_at DESC, id DESC);

create table notices.rehearsal (
  notice text not null,
  merchant text not null,
  counter text not null,
  seq bigint not null,
  due timestamp with time zone,
  at timestamp with time zone not null,
  constraint rehearsal_pkey PRIMARY KEY (notice),
  constraint an_hour_is_rehearsed_once UNIQUE (counter, due),
  constraint rehearsal_counter_fkey FOREIGN KEY (counter) REFERENCES notices.counter(id),
  constraint rehearsal_merchant_fkey FOREIGN KEY (merchant) REFERENCES notices.stream(merchant),
  constraint rehearsal_notice_fkey FOREIGN KEY (notice) REFERENCES notices.notice(id),
  constraint rehearsal_seq_check CHECK ((seq > 0))
);
CREATE INDEX rehearsal_by_time ON notices.rehearsal USING btree (at);
CREATE INDEX rehearsal_of_merchant ON notices.rehearsal USING btree (merchant, at DESC);

create table notices.stream (
  merchant text not null,
  seq bigint not null default 0,
  constraint stream_pkey PRIMARY KEY (merchant),
  constraint stream_merchant_fkey FOREIGN KEY (merchant) REFERENCES parties.merchant(id)
);

create table notices.terminal (
  id text not null,
  merchant text not null,
  kind text not null,
  name text not null,
  state text not null default 'authorised'::text,
  person text,
  secret_hash text,
  permission jsonb not null,
  ways text[] not null,
  language text not null,
  clock text not null,
  zone text,
  speaks boolean not null,
  muted_until timestamp with time zone,
  since bigint not null,
  acked bigint not null,
  battery integer,
  seen_at timestamp with time zone,
  authorised_at timestamp with time zone not null,
  gone_at timestamp with time zone,
  program text,
  shown_at timestamp with time zone,
  hears_sms boolean not null default false,
  constraint terminal_pkey PRIMARY KEY (id),
  constraint a_secret_is_one_terminals UNIQUE (secret_hash),
  constraint terminal_merchant_fkey FOREIGN KEY (merchant) REFERENCES notices.stream(merchant),
  constraint terminal_person_fkey FOREIGN KEY (person) REFERENCES parties.person(id),
  constraint a_device_is_held_by_nobody CHECK (((kind = 'device'::text) = (person IS NULL))),
  constraint only_a_main_hears_sms CHECK (((kind = 'main'::text) OR (NOT hears_sms))),
  constraint only_a_sub_has_no_secret CHECK (((kind = 'sub'::text) = (secret_hash IS NULL))),
  constraint terminal_acked_check CHECK ((acked >= 0)),
  constraint terminal_battery_check CHECK (((battery >= 0) AND (battery <= 100))),
  constraint terminal_id_check CHECK ((id ~~ 'trm\_%'::text)),
  constraint terminal_kind_check CHECK ((kind = ANY (ARRAY['main'::text, 'sub'::text, 'device'::text]))),
  constraint terminal_language_check CHECK ((language = ANY (ARRAY['zh-CN'::text, 'en'::text]))),
  constraint terminal_name_check CHECK (((length(name) >= 1) AND (length(name) <= 40))),
  constraint terminal_permission_check CHECK (((jsonb_typeof((permission -> 'fields'::text)) = 'array'::text) AND (jsonb_typeof((permission -> 'actions'::text)) = 'array'::text))),
  constraint terminal_program_check CHECK (((length(program) >= 1) AND (length(program) <= 40))),
  constraint terminal_secret_hash_check CHECK ((length(secret_hash) = 64)),
  constraint terminal_since_check CHECK ((since >= 0)),
  constraint terminal_state_check CHECK ((state = ANY (ARRAY['authorised'::text, 'suspended'::text, 'revoked'::text]))),
  constraint terminal_ways_check CHECK (((ways <@ ARRAY['text'::text, 'picture'::text, 'voice'::text, 'vibration'::text]) AND (ways <> '{}'::text[]))),
  constraint terminal_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 40)))
);
CREATE UNIQUE INDEX one_speaks_in_a_zone ON notices.terminal USING btree (merchant, zone) WHERE (speaks AND (zone IS NOT NULL) AND (state <> 'revoked'::text));
CREATE INDEX terminal_of_merchant ON notices.terminal USING btree (merchant, id);
CREATE INDEX terminal_of_person ON notices.terminal USING btree (person) WHERE ((person IS NOT NULL) AND (state <> 'revoked'::text));
CREATE INDEX terminal_to_be_heard ON notices.terminal USING btree (merchant) WHERE ((kind <> 'sub'::text) AND (state = 'authorised'::text));

create table notices.terminal_step (
  terminal text not null,
  n integer not null,
  name text not null,
  by text not null,
  reason text,
  at timestamp with time zone not null,
  constraint terminal_step_pkey PRIMARY KEY (terminal, n),
  constraint terminal_step_by_fkey FOREIGN KEY (by) REFERENCES parties.person(id),
  constraint terminal_step_terminal_fkey FOREIGN KEY (terminal) REFERENCES notices.terminal(id),
  constraint terminal_step_n_check CHECK ((n > 0)),
  constraint terminal_step_name_check CHECK ((name = ANY (ARRAY['make'::text, 'accept'::text, 'allow'::text, 'suspend'::text, 'authorise'::text, 'revoke'::text, 'hand_over'::text, 'leave'::text]))),
  constraint terminal_step_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 200)))
);

CREATE TRIGGER aside_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON notices.aside FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER counter_is_kept BEFORE DELETE OR TRUNCATE ON notices.counter FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER counter_keeps_its_name BEFORE UPDATE OF id, merchant ON notices.counter FOR EACH ROW WHEN (((old.id <> new.id) OR (old.merchant <> new.merchant))) EXECUTE FUNCTION notices.check_named();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON notices.counter FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER difference_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON notices.difference FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER echo_comes_back_once BEFORE UPDATE ON notices.echo FOR EACH ROW EXECUTE FUNCTION notices.check_echo();
CREATE TRIGGER echo_is_kept BEFORE TRUNCATE ON notices.echo FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER young_echo_is_kept BEFORE DELETE ON notices.echo FOR EACH ROW EXECUTE FUNCTION notices.check_forgotten_echo();
CREATE TRIGGER evidence_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON notices.evidence FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER evidences_notice_is_there AFTER INSERT ON notices.evidence REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION notices.check_names();
CREATE TRIGGER invitation_is_kept BEFORE DELETE OR TRUNCATE ON notices.invitation FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER invitation_is_taken_up_once BEFORE UPDATE ON notices.invitation FOR EACH ROW EXECUTE FUNCTION notices.check_invitation();
CREATE TRIGGER invitations_tills_are_there BEFORE INSERT ON notices.invitation FOR EACH ROW WHEN ((new.permission IS NOT NULL)) EXECUTE FUNCTION notices.check_tills();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name ON notices.invitation FOR EACH ROW WHEN (parties.is_unseen(new.name)) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER night_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON notices.night FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER notice_goes_forward BEFORE UPDATE ON notices.notice FOR EACH ROW EXECUTE FUNCTION notices.check_notice();
CREATE TRIGGER notice_is_kept BEFORE DELETE OR TRUNCATE ON notices.notice FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER notice_keeps_its_name BEFORE UPDATE OF id, merchant, counter ON notices.notice FOR EACH ROW WHEN (((old.id <> new.id) OR (old.merchant <> new.merchant) OR (old.counter <> new.counter))) EXECUTE FUNCTION notices.check_named();
CREATE TRIGGER notices_counter_is_there AFTER INSERT ON notices.notice REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION notices.check_counters();
CREATE TRIGGER order_id_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON notices.order_id FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER order_ids_notice_is_there AFTER INSERT ON notices.order_id REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION notices.check_names();
CREATE TRIGGER prompt_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON notices.prompt FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER prompt_moves_its_stream AFTER INSERT ON notices.prompt REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION notices.move_streams();
CREATE TRIGGER prompts_notice_is_there AFTER INSERT ON notices.prompt REFERENCING NEW TABLE AS placed FOR EACH STATEMENT EXECUTE FUNCTION notices.check_names();
CREATE TRIGGER refund_request_takes_a_step BEFORE UPDATE OF state ON notices.refund_request FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('asked to done', 'asked to refused');
CREATE TRIGGER rehearsal_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON notices.rehearsal FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER stream_is_kept BEFORE DELETE OR TRUNCATE ON notices.stream FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER stream_keeps_its_name BEFORE UPDATE OF merchant ON notices.stream FOR EACH ROW WHEN ((old.merchant <> new.merchant)) EXECUTE FUNCTION notices.check_named();
CREATE TRIGGER changed_terminal_is_told AFTER UPDATE OF state, person, secret_hash, permission, ways, language, zone, speaks, muted_until, since ON notices.terminal FOR EACH ROW EXECUTE FUNCTION notices.tell_terminals();
CREATE TRIGGER name_is_seen BEFORE INSERT OR UPDATE OF name, zone ON notices.terminal FOR EACH ROW WHEN ((parties.is_unseen(new.name) OR parties.is_unseen(new.zone))) EXECUTE FUNCTION parties.refuse_unseen_name();
CREATE TRIGGER terminal_is_kept BEFORE DELETE OR TRUNCATE ON notices.terminal FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();
CREATE TRIGGER terminal_takes_a_step BEFORE UPDATE OF state ON notices.terminal FOR EACH ROW WHEN ((old.state <> new.state)) EXECUTE FUNCTION custody.check_step('authorised to suspended', 'suspended to authorised', 'authorised to revoked', 'suspended to revoked');
CREATE TRIGGER terminals_tills_are_there BEFORE INSERT OR UPDATE OF permission ON notices.terminal FOR EACH ROW EXECUTE FUNCTION notices.check_tills();
CREATE TRIGGER terminal_step_is_history BEFORE DELETE OR UPDATE OR TRUNCATE ON notices.terminal_step FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_to_rewrite_history();

CREATE OR REPLACE FUNCTION notices.alike(merchants text[], platforms text[], kinds text[], currencies text[], sums bigint[], opens boolean[], moments timestamp with time zone[], reach interval, most integer[])
 RETURNS SETOF text
 LANGUAGE plpgsql
 STABLE ROWS 100
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_sort TO 'off'
AS $function$
begin
  return query
  with wanted as materialized (
    select hashtextextended(w.merchant || ' ' || w.platform || ' ' || w.kind || ' ' || w.currency || ' ' || w.sum::text, 0) as key,
      w.open, w.moment, w.most
    from unnest(merchants, platforms, kinds, currencies, sums, opens, moments, most)
      as w (merchant, platform, kind, currency, sum, open, moment, most))
  select distinct f.id from wanted w cross join lateral (
    (select n.id from notices.notice n
     where w.open and n.open_alike = w.key and n.at >= w.moment and n.at <= w.moment + reach order by n.at limit w.most)
    union all
    (select n.id from notices.notice n
     where w.open and n.open_alike = w.key and n.at < w.moment and n.at >= w.moment - reach order by n.at desc limit w.most)
    union all
    (select n.id from notices.notice n
     where not w.open and n.alike = w.key and n.at >= w.moment and n.at <= w.moment + reach order by n.at limit w.most)
    union all
    (select n.id from notices.notice n
     where not w.open and n.alike = w.key and n.at < w.moment and n.at >= w.moment - reach order by n.at desc limit w.most)) f;
end $function$;

CREATE OR REPLACE FUNCTION notices.check_counters()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
begin
  if exists (
    select from placed p
    where p.merchant is distinct from (select c.merchant from notices.counter c where c.id = p.counter)
      or p.merchant is distinct from (select s.merchant from notices.stream s where s.merchant = p.merchant))
  then
    raise exception 'A notice names a counter that its merchant does not have'
      using errcode = 'foreign_key_violation', constraint = 'a_counter_that_is_named_is_there';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION notices.check_echo()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if old.back_at is not null then
    raise exception '% was back from % before', old.notice, old.terminal
      using errcode = 'check_violation', constraint = 'what_came_back_stays';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION notices.check_forgotten_echo()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if (select r.at from notices.rehearsal r where r.notice = old.notice) > now() - interval '30 days' then
    raise exception 'Who had % is not a month old', old.notice
      using errcode = 'check_violation', constraint = 'a_young_echo_is_kept';
  end if;
  return old;
end $function$;

CREATE OR REPLACE FUNCTION notices.check_invitation()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if old.taken_by is not null then
    raise exception '% was taken up before', old.id
      using errcode = 'check_violation', constraint = 'an_invitation_is_taken_up_once';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION notices.check_named()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  raise exception 'What a row of % is called stands in others', tg_table_name
    using errcode = 'check_violation', constraint = 'what_is_named_keeps_its_name';
end $function$;

CREATE OR REPLACE FUNCTION notices.check_names()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
AS $function$
begin
  if exists (
    select from placed p
    where p.merchant is distinct from case when p.notice is null
      then (select s.merchant from notices.stream s where s.merchant = p.merchant)
      else (select n.merchant from notices.notice n where n.id = p.notice) end)
  then
    raise exception 'A row of % names a notice that its merchant does not have', tg_table_name
      using errcode = 'foreign_key_violation', constraint = 'a_notice_that_is_named_is_there';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION notices.check_notice()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if old.received <> new.received or old.received is not null and new.received is null
    or old.checked_at is not null and new.checked_at is distinct from old.checked_at
    or old.contradicted and not new.contradicted or new.weak and not old.weak
    or old.payer <> new.payer or old.payee <> new.payee or old.way <> new.way or old.outlet <> new.outlet
    or old.till <> new.till
  then
    raise exception 'What was told of % is not taken back', old.id
      using errcode = 'check_violation', constraint = 'nothing_told_is_taken_back';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION notices.check_tills()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if jsonb_typeof(new.permission -> 'tills') = 'array' and (
    jsonb_array_length(new.permission -> 'tills') = 0 or exists (
      select from jsonb_array_elements_text(new.permission -> 'tills') as named (till)
      left join parties.till t on t.id = named.till and t.merchant = new.merchant
      where t.id is null or coalesce(jsonb_typeof(new.permission -> 'outlets'), '') <> 'array'
        or not new.permission -> 'outlets' ? t.outlet))
  then
    raise exception '% names a till that is not there', new.id
      using errcode = 'check_violation', constraint = 'a_permission_names_tills_of_its_outlets';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION notices.heard(merchants text[], terminals text[], sources text[], ids text[])
 RETURNS TABLE(merchant text, terminal text, source text, id text, outcome text, notice text)
 LANGUAGE plpgsql
 STABLE ROWS 100
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_sort TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  return query
  select e.merchant, e.terminal, e.source, e.id, e.outcome, e.notice
  from unnest(merchants, terminals, sources, ids) as w (merchant, terminal, source, id)
  cross join lateral (
    select * from notices.evidence n
    where n.merchant = w.merchant and (n.terminal, n.source, n.id) >= (w.terminal, w.source, w.id)
    order by n.terminal, n.source, n.id limit 1) e
  where e.terminal = w.terminal and e.source = w.source and e.id = w.id;
end $function$;

CREATE OR REPLACE FUNCTION notices.is_within(moment timestamp with time zone, clock text, opens integer, closes integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
  select case when opens < closes then minute >= opens and minute < closes else minute >= opens or minute < closes end
  from (select (extract(hour from moment at time zone clock) * 60 + extract(minute from moment at time zone clock))::integer
    as minute) m
$function$;

CREATE OR REPLACE FUNCTION notices.move_streams()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  moved integer;
  whole integer;
begin
  with place as (
    select merchant, min(seq) as first, max(seq) as last, count(*) as told from placed group by merchant)
  update notices.stream s set seq = p.last from place p
  where s.merchant = p.merchant and s.seq = p.first - 1 and p.last - p.first + 1 = p.told;
  get diagnostics moved = row_count;
  select count(distinct merchant) into whole from placed;
  if moved <> whole then
    raise exception 'A place in a stream of prompts is left out, or taken'
      using errcode = 'check_violation', constraint = 'streams_have_no_gap';
  end if;
  perform pg_notify('notices', merchant || ' ' || max(seq)) from placed group by merchant;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION notices.named(merchants text[], platforms text[], kinds text[], orders text[])
 RETURNS TABLE(merchant text, platform text, kind text, order_no text, firm boolean, notice text)
 LANGUAGE plpgsql
 STABLE ROWS 100
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET enable_bitmapscan TO 'off'
 SET enable_hashjoin TO 'off'
 SET enable_mergejoin TO 'off'
AS $function$
begin
  return query
  select distinct o.merchant, o.platform, o.kind, o.order_no, o.firm, o.notice
  from unnest(merchants, platforms, kinds, orders) as w (merchant, platform, kind, order_no)
  cross join lateral (
    select * from notices.order_id n where n.merchant = w.merchant and n.platform = w.platform
      and n.order_no = w.order_no and n.kind = w.kind limit 2) o;
end $function$;

CREATE OR REPLACE FUNCTION notices.tell_books()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform pg_notify('notices_books', p.book::text) from placed p
  where exists (select from notices.counter c where c.merchant = p.merchant and c.open) group by p.book;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION notices.tell_purses_books()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform pg_notify('notices_books', p.book::text) from placed p
  where exists (
    select from custody.purse u join notices.counter c on c.merchant = u.merchant and c.open where u.id = p.purse) group by p.book;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION notices.tell_terminals()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  perform pg_notify('notices', new.id);
  return null;
end $function$;

grant usage on schema notices to bursar_app;
grant usage on schema notices to bursar_report;
grant insert, select on notices.aside to bursar_app;
grant select on notices.aside to bursar_report;
grant insert, select on notices.bill to bursar_app;
grant select on notices.bill to bursar_report;
grant insert, select on notices.counter to bursar_app;
grant insert, select on notices.difference to bursar_app;
grant select on notices.difference to bursar_report;
grant delete, insert, select on notices.echo to bursar_app;
grant select on notices.echo to bursar_report;
grant insert, select on notices.evidence to bursar_app;
grant insert, select on notices.invitation to bursar_app;
grant insert, select on notices.night to bursar_app;
grant select on notices.night to bursar_report;
grant insert, select on notices.notice to bursar_app;
grant select on notices.notice to bursar_report;
grant insert, select on notices.order_id to bursar_app;
grant select on notices.order_id to bursar_report;
grant insert, select on notices.prompt to bursar_app;
grant select on notices.prompt to bursar_report;
grant insert, select on notices.reader to bursar_app;
grant select on notices.reader to bursar_report;
grant insert, select on notices.refund_request to bursar_app;
grant select on notices.refund_request to bursar_report;
grant insert, select on notices.rehearsal to bursar_app;
grant select on notices.rehearsal to bursar_report;
grant insert, select on notices.stream to bursar_app;
grant select on notices.stream to bursar_report;
grant insert, select on notices.terminal to bursar_app;
grant insert, select on notices.terminal_step to bursar_app;
grant select on notices.terminal_step to bursar_report;
grant update (done, line) on notices.bill to bursar_app;
grant update (currency, large, late_spoken, name, open, opened_at, patience, quiet_from, quiet_to, rehearse, rehearse_since, threshold) on notices.counter to bursar_app;
grant select (currency, id, large, late_spoken, merchant, name, open, opened_at, outlet, patience, quiet_from, quiet_to, rehearse, rehearse_since, threshold) on notices.counter to bursar_report;
grant update (back_at) on notices.echo to bursar_app;
grant select (at, currency, grade, heard_at, id, kind, merchant, minor, no, notice, orders, outcome, outlet, platform, source, terminal, till, way) on notices.evidence to bursar_report;
grant update (made, taken_at, taken_by) on notices.invitation to bursar_app;
grant update (checked_at, checked_by, contradicted, grade, heard, late, outlet, payee, payer, received, till, way, weak) on notices.notice to bursar_app;
grant update (seq) on notices.reader to bursar_app;
grant update (answer, answered_at, answered_by, state) on notices.refund_request to bursar_app;
grant update (seq) on notices.stream to bursar_app;
grant update (acked, authorised_at, battery, clock, gone_at, hears_sms, language, muted_until, name, permission, person, program, secret_hash, seen_at, shown_at, since, speaks, state, ways, zone) on notices.terminal to bursar_app;
grant select (acked, authorised_at, battery, gone_at, id, kind, merchant, name, permission, person, program, seen_at, shown_at, since, speaks, state, ways, zone) on notices.terminal to bursar_report;
grant execute on function notices.alike(text[],text[],text[],text[],bigint[],boolean[],timestamp with time zone[],interval,integer[]) to bursar_app;
grant execute on function notices.heard(text[],text[],text[],text[]) to bursar_app;
grant execute on function notices.is_within(timestamp with time zone,text,integer,integer) to bursar_app;
grant execute on function notices.named(text[],text[],text[],text[]) to bursar_app;
