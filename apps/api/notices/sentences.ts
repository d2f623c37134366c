/** What notices refuse, in words; the others' sentences are in ../sentences.*.ts. */
import type { Sentences } from '../facts.ts'

export const noticesZh = {
  no_such_counter: ['没有这个收款台', '没有找到这个收款台。'],
  no_open_counter: ['没有开着的收款台', '请先开通一个收款台，再使用到账提示。'],
  outlet_has_a_counter: ['门店已有收款台', '一个门店只有一个收款台。请修改已有的那个。'],
  outlet_of_another_merchant: ['不是本店的门店', '请选择本商户的门店。'],
  sums_leave_nothing: [
    '金额范围是空的',
    '最高金额低于最低金额，这个终端什么也收不到。请改其中一个。',
  ],
  over_before_it_begins: ['有效期已过', '有效到的时间已经过去，这个终端什么也收不到。请改晚一些。'],
  no_such_till: ['没有这个收银点', '这家门店没有这个收银点。'],
  till_named_before: ['名称重复', '这家门店已有同名的收银点。'],
  till_is_closed: ['收银点已停用', '这个收银点已停用，请另选一个。'],
  no_such_notice: ['没有这条到账提示', '没有找到这条到账提示。'],
  nothing_to_hear: ['没有语音', '这里没有可以播报给这个终端的到账提示。'],
  statement_unreadable: [
    '看不懂这份账单',
    '需要 CSV 表格（UTF-8 或 GBK），表头里有时间和金额（或收入）两列。Excel 文件请先另存为 CSV。',
  ],
  statement_too_long: ['账单太长', '一次最多 5,000 行。请按日期分成几份。'],
  no_such_terminal: ['没有这个终端', '没有找到这个终端，或它已被取消。'],
  terminal_is_off: ['终端已停用', '这个终端已被暂停、取消或过期。请联系店主。'],
  terminal_is_revoked: ['终端已取消', '取消的终端不能再用。请重新邀请。'],
  terminal_may_not: ['没有这项权限', '店主没有给这个终端这项权限。需要时请联系店主。'],
  only_a_main_hears: ['只有主终端可以上报', '收款通知只能由主管理终端上报。'],
  too_many_words: ['上报太多', '一个主终端每分钟最多上报 1,200 条。其余的请留存，一分钟后再报。'],
  too_many_terminals: ['终端太多', '一家商户最多有 5,000 个终端。请先取消不用的。'],
  invitation_not_valid: ['邀请无效', '这个二维码不对或已超过 10 分钟。请让店主重新出示。'],
  taken_up_by_another: ['邀请已被使用', '每个二维码只能用一次，已有人使用。请让店主重新出示。'],
  receiver_has_no_seat: ['接班人不是本店员工', '终端只能交给在本店有职位的人。请店主先添加员工。'],
  refund_asked_before: ['已申请过退款', '这笔收款已有一个待处理的退款申请。'],
  refund_beyond_notice: ['不能申请这个退款', '只能为收款申请退款，金额不超过收款金额。'],
  no_such_refund_request: ['没有这个退款申请', '没有找到这个退款申请。'],
  refund_request_answered: ['退款申请已处理', '这个退款申请已有另一个答复，不能再改。'],
} satisfies Partial<Sentences>

export const noticesEn = {
  no_such_counter: ['No such counter', 'This counter was not found.'],
  no_open_counter: ['No counter is open', 'Open a counter first; then its people can be told.'],
  outlet_has_a_counter: [
    'The outlet has a counter',
    'An outlet has one counter. Change the one that is there.',
  ],
  outlet_of_another_merchant: [
    'Not an outlet of this merchant',
    'Choose one of the merchant’s own.',
  ],
  sums_leave_nothing: [
    'No sum is between these',
    'The highest sum is below the lowest: this terminal would be told of nothing. Change one of them.',
  ],
  over_before_it_begins: [
    'Over before it begins',
    'Its time is over already: this terminal would be told of nothing. Choose a later one.',
  ],
  no_such_till: ['No such till', 'This till was not found at this outlet.'],
  till_named_before: ['Name taken', 'This outlet has a till of that name.'],
  till_is_closed: ['Till closed', 'This till is closed. Choose another.'],
  no_such_notice: ['No such notice', 'This notice was not found.'],
  nothing_to_hear: ['Nothing to hear', 'No prompt is spoken to this terminal here.'],
  statement_unreadable: [
    'Not a statement that we can read',
    'It must be a CSV table (UTF-8 or GBK) with a column of times and one of amounts or income. Save an Excel file as CSV first.',
  ],
  statement_too_long: [
    'The statement is too long',
    'At most 5,000 lines at once. Split it by date.',
  ],
  no_such_terminal: ['No such terminal', 'This terminal was not found, or was revoked.'],
  terminal_is_off: [
    'The terminal is off',
    'It was suspended or revoked, or its time is over. Ask the owner.',
  ],
  terminal_is_revoked: ['The terminal is revoked', 'It stays so. Invite again instead.'],
  terminal_may_not: [
    'Not allowed on this terminal',
    'The owner has not allowed this here. Ask the owner if need be.',
  ],
  only_a_main_hears: [
    'Only a main terminal tells',
    'Notices of a phone are told by the main terminal alone.',
  ],
  too_many_words: [
    'Too much at once',
    'A main tells of 1,200 notices a minute at most. Keep the others, and send them a minute later.',
  ],
  too_many_terminals: [
    'Too many terminals',
    'A merchant has 5,000 at most. Revoke those that are not in use first.',
  ],
  invitation_not_valid: [
    'The invitation is not valid',
    'The code is wrong, or older than ten minutes. Ask the owner for another.',
  ],
  taken_up_by_another: [
    'Taken up by somebody else',
    'Each code is used once, and this one was. Ask the owner for another.',
  ],
  receiver_has_no_seat: [
    'Who takes over does not work here',
    'A terminal is handed over to somebody with a seat at the merchant. The owner can give one.',
  ],
  refund_asked_before: ['Asked before', 'A request for this payment is waiting for its answer.'],
  refund_beyond_notice: [
    'This cannot be asked back',
    'Only payments are paid back, and no more than what was paid.',
  ],
  no_such_refund_request: ['No such request', 'This refund request was not found.'],
  refund_request_answered: ['Answered before', 'It has another answer already, which stays.'],
} satisfies Partial<Sentences>
