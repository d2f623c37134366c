/** What the cashier refuses, in words; the others' sentences are in ../sentences.*.ts. */
import type { Refused } from '@bursar/cashier'
import { sumsOf, type Facts, type Sentence } from '../facts.ts'

type Words = Readonly<Record<Refused, Sentence>>

const missing = (facts: Facts, locale: 'zh-CN' | 'en') =>
  sumsOf(facts, locale, ['available'], ['missing'])
const left = ({ left: count }: Facts) => (typeof count === 'number' ? count : 0)

export const cashierZh: Words = {
  authorisation_unknown: ['授权已失效', '这次授权已用过或超过 15 分钟。请重新前往平台授权。'],
  balance_not_zero: [
    '余额不为零',
    '还有余额，不能直接换绑。先用现在绑定的账户重新授权一次，15 分钟内再换绑；或先退回余额。',
  ],
  binding_not_offered: ['平台不支持绑定', '这个支付平台不提供账户绑定，不绑定也可以充值和下单。'],
  bound_everywhere: [
    '已在所有商户绑定',
    '您在这个平台已有一个在所有商户通用的绑定。要换账户，请选择在所有商户绑定，或先解除它。',
  ],
  money_at_another_merchant: [
    '别家商户还有余额',
    '这个绑定在所有商户通用。请先退回您在其他商户的余额，再解除绑定。',
  ],
  platform_scope_unlicensed: [
    '没有有效的许可证',
    '运营方现在没有有效的许可证，通用余额暂时不能使用或充值，也不能绑定为所有商户通用。余额照常退回。',
  ],
  catalogue_of_another: ['编号已被占用', '这个编号属于别处的内容，请换一个新编号。'],
  count_first: ['先盘点再看数', '您当前当班。先报出各渠道的金额，系统再显示实际数。'],
  counted_twice: ['同一渠道报了两次', '每个渠道只能报一个金额。'],
  day_not_over: ['营业日还没有结束', '到营业日截止之后才能出日结报表。现在可以看当日报表。'],
  days_in_order: [
    '请按顺序日结',
    facts => `还有更早或更晚的营业日：${String(facts['day'] ?? '')}。日结报表按日期先后连续编号。`,
  ],
  discount_exceeds_tab: [
    '优惠超过挂单金额',
    facts => {
      const told = sumsOf(facts, 'zh-CN', ['total'])
      return told ? `这单共 ${told[0]}，不能优惠 ${told[1]}。` : '优惠不能超过挂单金额。'
    },
  ],
  happy_hour_dear: ['特价不合适', '特价必须大于零，并低于原价。'],
  item_not_offered: ['没有这个商品', '这个商品或加料已不供应，请刷新菜单。'],
  item_sold_out: [
    '已售完',
    facts =>
      left(facts) > 0
        ? `「${String(facts['name'] ?? '')}」只剩 ${left(facts)} 份，请减少数量。`
        : `「${String(facts['name'] ?? '这个商品')}」已售完，请换一样。`,
  ],
  money_came_in: ['退回期间又有进账', '暂未解除绑定。再提交一次，新进的钱也会退回。'],
  money_is_held: [
    '余额还有占用',
    '挂单或付到银行账户的申请占用着余额。先结账或撤回申请，再解除绑定。',
  ],
  name_taken: ['名称重复', '这家门店已有同名的座位。'],
  no_such_binding: ['没有这个绑定', '这个余额没有绑定该平台的账户。'],
  no_such_docket: ['没有这个单据', '没有找到这个单据。'],
  no_such_item: ['没有这个商品', '没有找到这个商品。'],
  no_such_goods_order: ['没有这个商品订单', '没有找到这个商品订单。'],
  no_such_picture: ['没有这张图片', '这张图片已被更换或删除。'],
  no_such_place: ['没有这个座位', '这个座位码已停用。请扫座位上的新码，或询问店员。'],
  no_such_plan: ['没有这个计费方案', '这个计费方案已不提供，请刷新后再选。'],
  no_such_tab: ['没有这张挂单', '没有找到这张挂单。'],
  not_the_night: ['不在通宵时段', '这个通宵方案现在不能开始，请选择其他方案。'],
  not_timed: ['不是计时订单', '这个订单不按时间计费。'],
  order_step_impossible: ['当前状态不允许', '订单状态已经变化，刷新后再看可以做什么。'],
  place_of_another_outlet: ['座位不在这家门店', '请选择同一家门店里开放的座位。'],
  plan_does_not_add_up: [
    '计费方案不完整',
    '每段价格必须大于零；套餐要有价格和时长；通宵要有价格，不填时长。',
  ],
  platform_account_bound: ['平台账户已被绑定', '这个平台账户已绑定本店另一位顾客，请换一个账户。'],
  picture_too_large: [
    '图片太大',
    '图片不能超过 512 KB，长和宽都不能超过 2048 像素。请缩小后再传。',
  ],
  picture_unreadable: ['图片无法读取', '请上传完整的 JPEG、PNG 或 WebP 图片，不支持动图。'],
  pictures_full: ['图片已满', '每家店最多 300 张、共 64 MB 图片。请先删除一些。'],
  prices_changed: [
    '价格有变化',
    facts => {
      const told = sumsOf(facts, 'zh-CN', ['now'])
      return told
        ? `现在共 ${told[0]}，刚才显示的是 ${told[1]}。没有下单，请看过新价格再下单。`
        : '价格和刚才显示的不同。没有下单，请看过新价格再下单。'
    },
  ],
  no_such_shift: ['没有这个班次', '没有找到这个班次。'],
  no_such_z_report: ['没有这份日结报表', '没有找到这份日结报表。'],
  shift_of_another: ['不是您的班次', '只有当班的人、接班的人或店主可以这样做。'],
  shift_open: [
    '还有班次未结',
    facts => `${String(facts['name'] ?? '有人')}的班次还没有结束。请先盘点交班或结班。`,
  ],
  shift_step_impossible: ['当前状态不允许', '班次状态已经变化，刷新后再看可以做什么。'],
  tab_ended: ['挂单已结束', '这张挂单已结账或已并单，请开一张新的。'],
  tab_open_there: ['那里已有挂单', '这位顾客在那个座位已有未结的挂单，可以并单。'],
  tabs_differ: ['不能并单', '只有同一位顾客、同一家门店、费率相同的两张挂单才能合并。'],
  time_is_running: ['正在计时', '计时订单不能取消，请先停止计时。'],
  tip_is_the_guests: ['小费由顾客给', '商户结账时不能加小费。'],
  top_up_needed: [
    '需要充值',
    facts => {
      const told = missing(facts, 'zh-CN')
      return told ? `可用余额 ${told[0]}，还差 ${told[1]}。请先充值。` : '可用余额不够，请先充值。'
    },
  ],
  total_changed: ['金额有变化', '挂单金额和刚才显示的不同。请核对后再结账。'],
}

export const cashierEn: Words = {
  authorisation_unknown: [
    'Authorisation has run out',
    'It was used before, or is older than 15 minutes. Go to the platform once more.',
  ],
  balance_not_zero: [
    'The balance is not zero',
    'Authorise the account that is bound once more, then bind another within 15 minutes. Or take the balance back first.',
  ],
  bound_everywhere: [
    'Bound at every merchant',
    'One account at this platform is bound for every merchant. Bind another one for every merchant too, or unbind first.',
  ],
  money_at_another_merchant: [
    'Money at another merchant',
    'This binding counts at every merchant. Take back what is left at your other merchants first, then unbind.',
  ],
  platform_scope_unlicensed: [
    'No licence holds',
    'The operator has no licence that holds. Until one does, what is good at every merchant cannot be used, topped up or bound; what is left goes back as ever.',
  ],
  binding_not_offered: [
    'Nothing to bind there',
    'This platform tells nobody’s account. You can top up and order without.',
  ],
  catalogue_of_another: ['Id taken', 'This id belongs to something else. Make a new one.'],
  count_first: [
    'Count first',
    'You are on shift here. Say what was taken; then the system shows what it has.',
  ],
  counted_twice: ['Counted twice', 'Each means has one amount.'],
  day_not_over: [
    'The day is not over',
    'A business day can be made final after its cut-off. Until then there is the X report.',
  ],
  days_in_order: [
    'Days in their order',
    facts =>
      `There is another day to look at: ${String(facts['day'] ?? '')}. Final days are numbered in their order.`,
  ],
  discount_exceeds_tab: [
    'More than the tab',
    facts => {
      const told = sumsOf(facts, 'en', ['total'])
      return told
        ? `The tab is ${told[0]}; ${told[1]} cannot come off.`
        : 'No more can come off than the tab is.'
    },
  ],
  happy_hour_dear: [
    'No happy price',
    'A happy hour’s price is above zero and below the usual one.',
  ],
  item_not_offered: [
    'Not on the menu',
    'This item or extra is no longer offered. Reload the menu.',
  ],
  item_sold_out: [
    'Sold out',
    facts =>
      left(facts) > 0
        ? `Only ${left(facts)} of “${String(facts['name'] ?? '')}” are left. Order fewer.`
        : `“${String(facts['name'] ?? 'This')}” is sold out. Choose something else.`,
  ],
  money_came_in: [
    'Money came in meanwhile',
    'The binding stays for now. Send it once more, and what came in goes back too.',
  ],
  money_is_held: [
    'Part of it is set aside',
    'A tab, or a payment to a bank account, has part of the balance set aside. Check out or withdraw that request first, then unbind.',
  ],
  name_taken: ['Name taken', 'This outlet has a place of that name.'],
  no_such_binding: ['Not bound', 'This purse is not bound to an account at that platform.'],
  no_such_docket: ['No such order', 'This numbered order was not found.'],
  no_such_item: ['No such item', 'This item was not found.'],
  no_such_goods_order: ['No such goods order', 'This goods order was not found.'],
  no_such_picture: ['No such picture', 'This picture was replaced or removed.'],
  no_such_place: [
    'No such place',
    'This code is no longer in use. Scan the one at your place, or ask the staff.',
  ],
  no_such_plan: ['No such plan', 'This plan is no longer offered. Reload and choose another.'],
  no_such_tab: ['No such tab', 'This tab was not found.'],
  not_the_night: [
    'Not this night',
    'This overnight plan cannot begin at this hour. Choose another.',
  ],
  not_timed: ['Not by time', 'This order is not charged by time.'],
  order_step_impossible: [
    'Not in this state',
    'The order has moved on. Reload to see what can be done.',
  ],
  place_of_another_outlet: ['Not in this outlet', 'Choose an open place of the same outlet.'],
  plan_does_not_add_up: [
    'The plan does not add up',
    'A step costs something; a package has a price and minutes; a night has a price and no minutes.',
  ],
  platform_account_bound: [
    'Account bound already',
    'This account is bound to another guest here. Use another one.',
  ],
  picture_too_large: [
    'Picture too large',
    'A picture may have 512 KB, and 2048 pixels either way. Make it smaller and try again.',
  ],
  picture_unreadable: [
    'Picture cannot be read',
    'Send a whole JPEG, PNG or WebP picture; one that moves is not taken.',
  ],
  pictures_full: [
    'No room for more pictures',
    'A shop has 300 pictures at most, and 64 MB of them. Remove some first.',
  ],
  prices_changed: [
    'Prices have changed',
    facts => {
      const told = sumsOf(facts, 'en', ['now'])
      return told
        ? `It comes to ${told[0]} now, ${told[1]} was shown. Nothing was ordered; look at the new prices, then order.`
        : 'It comes to something else than was shown. Nothing was ordered; look at the new prices, then order.'
    },
  ],
  no_such_shift: ['No such shift', 'This shift was not found.'],
  no_such_z_report: ['No such Z report', 'This Z report was not found.'],
  shift_of_another: [
    'Not your shift',
    'Only whoever has it, whom it was offered to, or an owner can do this.',
  ],
  shift_open: [
    'A shift is open',
    facts =>
      `The shift of ${String(facts['name'] ?? 'somebody')} has not ended. It is counted first.`,
  ],
  shift_step_impossible: [
    'Not in this state',
    'The shift has moved on. Reload to see what can be done.',
  ],
  tab_ended: ['The tab has ended', 'It was checked out or merged. Open a new one.'],
  tab_open_there: [
    'A tab is open there',
    'This guest has an open tab at that place. They can be merged.',
  ],
  tabs_differ: [
    'These tabs do not merge',
    'Only two tabs of one guest, in one outlet, at the same rates do.',
  ],
  time_is_running: ['Charged by time', 'An order by time cannot be cancelled. Stop it instead.'],
  tip_is_the_guests: ['A tip is the guest’s', 'The merchant checks out without one.'],
  top_up_needed: [
    'Top up first',
    facts => {
      const told = missing(facts, 'en')
      return told
        ? `${told[0]} is available, ${told[1]} more is needed. Top up first.`
        : 'The available balance is not enough. Top up first.'
    },
  ],
  total_changed: [
    'The total has changed',
    'The tab comes to something else now. Look at it again, then check out.',
  ],
}
