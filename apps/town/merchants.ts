/**
 * The shops of the town. A trade has its rhythm (how busy each hour is), its prices, what its members
 * like to top up by, and how often in a month one of them comes.
 */
import type { Trade } from '@bursar/parties'

export type Rhythm = Readonly<{
  opens: number
  /** How busy each hour is, from the opening on. */
  hours: readonly number[]
  visits: number
  /** In fen. */
  prices: readonly bigint[]
  topUps: readonly bigint[]
  notes: readonly string[]
}>

const yuan = (...sums: readonly number[]): bigint[] =>
  sums.map(sum => BigInt(Math.round(sum * 100)))

/** An issuer has no shop. */
export type Shopkeeping = Exclude<Trade, 'onecard'>

export const rhythms: Readonly<Record<Shopkeeping, Rhythm>> = {
  teahouse: {
    ...{ opens: 9, hours: [2, 4, 5, 3, 5, 8, 8, 6, 4, 5, 7, 6, 3], visits: 7 },
    prices: yuan(18, 28, 38, 38, 48, 58, 68, 88, 128),
    topUps: yuan(200, 300, 500),
    notes: ['盖碗茶', '两位', '包间一小时', '外带茶点'],
  },
  fitness: {
    ...{ opens: 7, hours: [5, 4, 2, 2, 2, 3, 3, 1, 2, 2, 4, 8, 9, 7, 3], visits: 8 },
    prices: yuan(25, 30, 30, 45, 60, 199),
    topUps: yuan(500, 1000),
    notes: ['单次入场', '团课', '私教一节'],
  },
  hair: {
    ...{ opens: 10, hours: [2, 4, 5, 4, 5, 6, 5, 5, 6, 6, 4], visits: 2 },
    prices: yuan(38, 58, 68, 98, 168, 268, 398),
    topUps: yuan(300, 500, 1000),
    notes: ['剪发', '洗剪吹', '染发', '护理'],
  },
  bathhouse: {
    ...{ opens: 11, hours: [1, 2, 3, 3, 3, 3, 4, 6, 8, 9, 7], visits: 3 },
    prices: yuan(49, 69, 88, 128, 168),
    topUps: yuan(300, 500),
    notes: ['净桑', '搓澡', '两位'],
  },
  netcafe: {
    ...{ opens: 10, hours: [2, 3, 4, 5, 5, 5, 5, 6, 7, 8, 8, 7], visits: 8 },
    prices: yuan(8, 10, 15, 20, 24, 30),
    topUps: yuan(50, 100),
    notes: ['两小时', '包时段'],
  },
  carwash: {
    ...{ opens: 8, hours: [4, 6, 6, 5, 3, 4, 5, 6, 7, 6, 3], visits: 3 },
    prices: yuan(25, 35, 35, 60, 180),
    topUps: yuan(200, 300),
    notes: ['标准洗车', '精洗', '打蜡'],
  },
  tutoring: {
    ...{ opens: 9, hours: [4, 6, 5, 1, 4, 6, 5, 3, 6, 8, 6], visits: 6 },
    prices: yuan(80, 120, 150, 180),
    topUps: yuan(800, 1500),
    notes: ['书法课', '围棋课', '阅读课'],
  },
  laundry: {
    ...{ opens: 8, hours: [6, 6, 4, 4, 3, 3, 3, 4, 5, 7, 8, 5], visits: 3 },
    prices: yuan(15, 22, 30, 45, 58, 96),
    topUps: yuan(100, 200, 300),
    notes: ['衬衫两件', '大衣', '被套'],
  },
  nursery: {
    ...{ opens: 7, hours: [8, 9, 2, 1, 1, 1, 1, 1, 1, 4, 6], visits: 16 },
    prices: yuan(60, 90, 90, 120),
    topUps: yuan(1000, 1500),
    notes: ['日托', '半日', '延时'],
  },
  restaurant: {
    ...{ opens: 10, hours: [2, 8, 9, 4, 1, 1, 3, 8, 9, 6, 2], visits: 8 },
    prices: yuan(16.5, 22, 28, 36, 45.8, 68, 96, 158),
    topUps: yuan(100, 200, 300, 500),
    notes: ['午餐', '晚餐', '外带', '三位'],
  },
}

export type Shop = Readonly<{
  key: string
  name: string
  trade: Shopkeeping
  owner: string
  staff: readonly string[]
  address: string
  outlets: readonly string[]
  /** Of its first outlet; each has a QR of its own. */
  tills?: readonly string[]
  /** How many members it draws, beside the others. */
  draws: number
}>

/** The first of each trade is the better known. */
export const shops: readonly Shop[] = [
  {
    ...{ key: 'tea', name: '老茶馆', trade: 'teahouse', owner: '陈国梁', draws: 9 },
    ...{ staff: ['罗小燕', '唐志强'], address: '锦城市青羊路 18 号', outlets: ['总店', '河畔店'] },
    tills: ['柜台', '门口'],
  },
  {
    ...{ key: 'fit', name: '悦动健身', trade: 'fitness', owner: '周启航', draws: 6 },
    ...{ staff: ['邓楠'], address: '锦城市高新大道 320 号', outlets: ['高新店', '东湖店'] },
  },
  {
    ...{ key: 'hair', name: '剪艺造型', trade: 'hair', owner: '林雅琴', draws: 5 },
    ...{ staff: ['阿威'], address: '锦城市春熙巷 7 号', outlets: ['春熙店'] },
  },
  {
    ...{ key: 'bath', name: '云泉汤浴', trade: 'bathhouse', owner: '孙德福', draws: 4 },
    ...{ staff: ['何秀兰'], address: '锦城市温泉路 66 号', outlets: ['温泉店'] },
  },
  {
    ...{ key: 'net', name: '极速网咖', trade: 'netcafe', owner: '吴昊', draws: 4 },
    ...{ staff: ['小马'], address: '锦城市大学路 102 号', outlets: ['大学路店'] },
  },
  {
    ...{ key: 'car', name: '亮洁洗车', trade: 'carwash', owner: '郑大勇', draws: 4 },
    ...{ staff: ['刘师傅'], address: '锦城市环城南路 9 号', outlets: ['南路店', '西门店'] },
  },
  {
    ...{ key: 'book', name: '启明书院', trade: 'tutoring', owner: '苏文静', draws: 3 },
    ...{ staff: ['钱老师'], address: '锦城市文翁街 25 号', outlets: ['文翁校区'] },
  },
  {
    ...{ key: 'wash', name: '净衣坊干洗', trade: 'laundry', owner: '黄丽萍', draws: 4 },
    ...{ staff: ['小曹'], address: '锦城市玉林北街 41 号', outlets: ['玉林店'] },
  },
  {
    ...{ key: 'sun', name: '小太阳托育', trade: 'nursery', owner: '许晓岚', draws: 2 },
    ...{ staff: ['王老师'], address: '锦城市桐梓林路 12 号', outlets: ['桐梓林园'] },
  },
  {
    ...{ key: 'shu', name: '蜀香小馆', trade: 'restaurant', owner: '冯建军', draws: 7 },
    ...{ staff: ['赵小凤', '老李'], address: '锦城市建设巷 3 号', outlets: ['建设巷店', '南门店'] },
  },
  {
    ...{ key: 'half', name: '半日闲茶社', trade: 'teahouse', owner: '白若溪', draws: 3 },
    ...{ staff: ['小田'], address: '锦城市人民公园东侧', outlets: ['公园店'] },
  },
  {
    ...{ key: 'noodle', name: '知味面馆', trade: 'restaurant', owner: '马得胜', draws: 6 },
    ...{ staff: ['阿芳'], address: '锦城市小通巷 15 号', outlets: ['小通巷店'] },
  },
  {
    ...{ key: 'iron', name: '铁馆力量训练', trade: 'fitness', owner: '高峰', draws: 3 },
    ...{ staff: ['阿坤'], address: '锦城市东郊记忆 B12', outlets: ['东郊店'] },
  },
  // New, and no part of the month: whoever is there came this evening (evening.ts).
  {
    ...{ key: 'star', name: '星际网咖', trade: 'netcafe', owner: '秦朗', draws: 0 },
    ...{ staff: ['小何'], address: '锦城市大学路 215 号', outlets: ['大学路二店'] },
  },
]

/** Came late, and wait; or came, and were not let in. */
export const applicants: readonly (Shop & { rejected?: string })[] = [
  {
    ...{ key: 'bloom', name: '花漾美发', trade: 'hair', owner: '沈佳怡', draws: 0 },
    ...{ staff: [], address: '锦城市芳草街 28 号', outlets: [] },
  },
  {
    ...{ key: 'wave', name: '浪潮网咖', trade: 'netcafe', owner: '贺磊', draws: 0 },
    ...{ staff: [], address: '锦城市二环北路 88 号', outlets: [] },
    rejected: '营业执照上的经营地址与申请地址不一致，请更正后重新申请。',
  },
]
