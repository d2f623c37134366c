-- A refund lies where its spend lies: in its book. What is unique in a book is unique on the book's shard,
-- and on no other could anybody look.
alter table custody.refund drop constraint refund_pkey, add primary key (book, id);
