/** Every "no" that reconciliation can give; custody's come on top of them. */
export type Refused =
  | 'bill_not_over'
  | 'bills_of_all_pools'
  | 'break_changed'
  | 'break_decided'
  | 'no_such_bill'
  | 'no_such_break'
  | 'no_such_proposal'
  | 'nothing_to_book'
  | 'own_proposal'
  | 'proposal_decided'
