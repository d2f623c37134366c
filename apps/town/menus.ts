/** What three of the shops sell at their tables and PCs, and who sits there when the town's last day ends. */
export type Menu = Readonly<{
  shop: string
  /** Basis points on top. */
  service: number
  places: readonly string[]
  categories: Readonly<Record<string, readonly Dish[]>>
  /** Rooms and PCs by time. */
  time?: readonly Time[]
}>
/** A step and what it costs, after what is had at once: a package, or a night. */
export type Time = Readonly<{
  name: string
  minutes: number
  fen: bigint
  base?: bigint
  lasts?: number
  night?: Readonly<{ from: number; to: number }>
  pausable?: true
}>
export type Dish = Readonly<{
  name: string
  fen: bigint
  kitchen?: true
  /** From three to five in the afternoon. */
  happy?: bigint
  stock?: number
  extras?: Readonly<Record<string, bigint>>
}>

export const menus: readonly Menu[] = [
  {
    ...{ shop: 'tea', service: 0 },
    places: ['A1', 'A2', 'A3', 'B1', 'B2', '听雨'],
    categories: {
      茶: [
        { name: '碧潭飘雪', fen: 3800n, extras: { 续一壶水: 0n, 加一位: 1500n } },
        { name: '竹叶青', fen: 4800n, happy: 3600n, extras: { 加一位: 1500n } },
        { name: '陈年普洱', fen: 6800n },
      ],
      茶点: [
        { name: '瓜子', fen: 1200n },
        { name: '三合泥', fen: 2200n, kitchen: true, stock: 12 },
        { name: '钟水饺', fen: 2600n, kitchen: true },
      ],
    },
    time: [{ name: '包间', minutes: 30, fen: 2000n, base: 8800n, lasts: 120 }],
  },
  {
    ...{ shop: 'shu', service: 500 },
    places: ['1', '2', '3', '吧台'],
    categories: {
      酒水: [
        { name: '精酿啤酒', fen: 3800n, happy: 2800n, extras: { 换大杯: 1200n } },
        { name: '青梅酒', fen: 4200n },
      ],
      下酒菜: [
        { name: '毛豆', fen: 1800n, kitchen: true },
        { name: '夫妻肺片', fen: 3600n, kitchen: true, extras: { 多放辣: 0n } },
        { name: '椒麻鸡', fen: 4600n, kitchen: true, stock: 5 },
      ],
    },
  },
  {
    ...{ shop: 'star', service: 0 },
    places: ['PC01', 'PC02', 'PC03', 'PC04', 'PC05', 'PC06'],
    categories: {
      零食饮料: [
        { name: '可乐', fen: 500n, stock: 40 },
        { name: '泡面加蛋', fen: 1200n, kitchen: true, extras: { 加火腿肠: 300n } },
      ],
    },
    time: [
      { name: '上网', minutes: 5, fen: 50n, pausable: true },
      { name: '三小时', minutes: 5, fen: 50n, base: 1500n, lasts: 180 },
      { name: '通宵', minutes: 5, fen: 50n, base: 2500n, night: { from: 22 * 60, to: 8 * 60 } },
    ],
  },
]

/** A table, what is ordered there, and whether it has been accepted or served. */
export type Seated = Readonly<{
  shop: string
  place: string
  /** What time runs there. */
  time?: string
  orders: readonly (readonly [state: 'placed' | 'accepted' | 'delivered', ...dishes: string[]])[]
}>

export const seated: readonly Seated[] = [
  {
    ...{ shop: 'tea', place: 'A2' },
    orders: [
      ['delivered', '碧潭飘雪', '瓜子'],
      ['placed', '钟水饺'],
    ],
  },
  { ...{ shop: 'tea', place: 'B1' }, orders: [['accepted', '竹叶青']] },
  {
    ...{ shop: 'shu', place: '2' },
    orders: [
      ['delivered', '精酿啤酒', '毛豆'],
      ['accepted', '夫妻肺片'],
    ],
  },
  { ...{ shop: 'star', place: 'PC03', time: '上网' }, orders: [['delivered', '可乐']] },
]
