-- The till at which somebody has the shift: what is checked out meanwhile is taken there.
alter table cashier.shift
  add column till text,
  add constraint a_shifts_till_stands_in_its_outlet foreign key (outlet, till) references parties.till (outlet, id);
