-- Nearly no top-up comes from a proposal: an index of those that do is not written for each that does not.

alter table custody.top_up drop constraint top_up_proposal_key;
create unique index one_top_up_of_a_proposal on custody.top_up (proposal) where proposal is not null;
