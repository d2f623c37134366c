-- A payment is offered as a page to go to, or as a text that is shown as QR.
alter table custody.top_up add column offer jsonb;
update custody.top_up set offer = jsonb_build_object('way', 'phone', 'url', pay_url)
where pay_url is not null;
alter table custody.top_up drop column pay_url;
alter table custody.top_up add constraint an_offer_is_a_page_or_a_text check (offer is null
  or offer->>'way' in ('desk', 'phone') and offer->>'url' is not null
  or offer->>'way' = 'qr' and offer->>'text' is not null
  or offer->>'way' = 'inside' and offer->'call' is not null);

-- A refusal is believed only if nobody's call may still be under way: so each call is counted before it is made.
alter table custody.part
  add column tries    integer not null default 0,
  add column tried_at timestamptz,
  add constraint a_try_has_its_time check ((tries = 0) = (tried_at is null));
update custody.part set tries = 1, tried_at = asked_at;
