-- An authorisation under way lasts a quarter of an hour; a day later it is forgotten.
create index visit_by_age on cashier.visit (began_at);
