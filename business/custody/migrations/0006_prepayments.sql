-- Who barred a merchant from new prepayments, or let it take them again, when and why.
create table custody.prepayments_step (
  merchant text        not null references custody.merchant,
  n        integer     not null check (n > 0),
  takes    boolean     not null,
  taken_by text        not null references parties.person,
  taken_at timestamptz not null,
  reason   text        check (length(reason) between 1 and 500),
  primary key (merchant, n),

  constraint a_bar_has_a_reason check (takes or reason is not null)
);
create trigger prepayments_step_is_history
  before update or delete or truncate on custody.prepayments_step
  execute function ledger.refuse_to_rewrite_history();
