/** The faces that a visitor may put on, and the names of everybody else. */
import { idFor, type PersonId, type SeatRole } from '@bursar/kernel'
import type { Chance } from './chance.ts'

export type FaceKey =
  | 'consumer'
  | 'owner'
  | 'staff'
  | 'reviewer'
  | 'admin'
  | 'custodian'
  | 'supervisor'
export type Face = Readonly<{
  key: FaceKey
  person: PersonId
  name: string
  role: SeatRole | 'consumer'
  organisation?: string
  /** What the face signs in with, beside its password. */
  login: string
}>

export const institutions = {
  operator: '锦城预付资金服务中心',
  bank: '锦城银行',
  supervisor: '锦城市预付资金监管处',
} as const

/** The same person in every installation: nobody else can have this id. */
export const personIdOf = (key: string): PersonId => idFor('per', 'town', 'person', key)

const face = (
  key: FaceKey,
  name: string,
  login: string,
  role: Face['role'],
  organisation?: string,
): Face => ({
  ...{ key, name, login, role, person: personIdOf(key) },
  ...(organisation && { organisation }),
})

export const faces: readonly Face[] = [
  face('consumer', '李晓梅', '+8613800000001', 'consumer'),
  face('owner', '陈国梁', '+8613800000002', 'owner', '老茶馆'),
  face('staff', '罗小燕', '+8613800000003', 'staff', '老茶馆'),
  face('reviewer', '何思远', '+8613800000004', 'reviewer', institutions.operator),
  face('admin', '宋清', '+8613800000005', 'admin', institutions.operator),
  face('custodian', '顾明辉', '+8613800000006', 'custodian', institutions.bank),
  face('supervisor', '方正平', '+8613800000007', 'supervisor', institutions.supervisor),
]

const families = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余',
]
const given = [
  '建国',
  '秀英',
  '子涵',
  '志明',
  '晓红',
  '雨桐',
  '浩然',
  '丽华',
  '梓轩',
  '欣怡',
  '伟',
  '芳',
  '娜',
  '敏',
  '静',
  '磊',
  '洋',
  '艳',
  '勇',
  '杰',
  '娟',
  '涛',
  '超',
  '霞',
  '思雨',
  '俊杰',
  '诗涵',
  '宇航',
  '佳琪',
  '文博',
  '雅静',
  '明轩',
  '婷婷',
  '国华',
  '玉兰',
  '天宇',
  '若曦',
  '一鸣',
  '春梅',
  '海燕',
  '东升',
  '慧',
]

/** So many names, no two alike, and none of a face. */
export function namesFor(chance: Chance, many: number): string[] {
  const names = new Set<string>()
  const taken = new Set(faces.map(one => one.name))
  while (names.size < many) {
    const name = chance.pick(families) + chance.pick(given)
    if (!taken.has(name)) names.add(name)
  }
  return [...names]
}
