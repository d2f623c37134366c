-- A member's money came by several platforms: each part goes back by the one that its payment came through.
alter table custody.part add column gateway text;
update custody.part p set gateway = w.gateway from custody.withdrawal w where w.id = p.withdrawal;
alter table custody.part alter column gateway set not null;
alter table custody.withdrawal drop column gateway;

-- How often a payment has been paid back: platforms have a limit.
create index part_of_top_up on custody.part (top_up) where top_up is not null;
