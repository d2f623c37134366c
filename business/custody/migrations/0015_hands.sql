-- A merchant's own program makes codes and gives money back, by its API key.
alter table custody.merchant_code drop constraint merchant_code_created_by_check;
alter table custody.merchant_code add constraint made_by_a_person_or_a_program
  check (created_by ~ '^(per|key)_');
alter table custody.refund drop constraint refund_made_by_check;
alter table custody.refund add constraint made_by_a_person_or_a_program
  check (made_by ~ '^(per|key)_');
