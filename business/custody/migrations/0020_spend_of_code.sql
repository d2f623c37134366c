-- Which spend used a merchant's code: of an archived book its entry, which says so, is gone.
create index spend_of_merchant_code on custody.spend (book, merchant_code) where merchant_code is not null;
