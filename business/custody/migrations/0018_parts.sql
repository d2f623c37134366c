-- For whoever looks through refunds: newest first, and of one pool.
create index part_newest on custody.part (asked_at desc, id desc);
create index part_newest_in_book on custody.part (book, asked_at desc, id desc);
create index suspense_of_part on custody.suspense (trade_no) where reason = 'could_not_return';
