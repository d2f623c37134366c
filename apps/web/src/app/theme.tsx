/** The look: antd dressed in our tokens, light or dark, Chinese or English. */
import { ConfigProvider, theme as antd, type ThemeConfig } from 'antd'
import en from 'antd/locale/en_US'
import zh from 'antd/locale/zh_CN'
import {
  createContext,
  use,
  useLayoutEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import { useLanguage } from './i18n.ts'
import { colours, putOnPage, shape, text, typeface, type Shade } from './tokens.ts'

export type Choice = Shade | 'system'
const stored = 'bursar.look'
const Look = createContext<{ choice: Choice; choose(to: Choice): void }>({
  choice: 'system',
  choose: () => undefined,
})
export const useLook = () => use(Look)

/** Where nothing may move (base.css), a menu must not wait for the end of a movement: it would never open. */
const still = matchMedia('(prefers-reduced-motion: reduce)')
const night = matchMedia('(prefers-color-scheme: dark)')
const watchNight = (tell: () => void) => {
  night.addEventListener('change', tell)
  return () => night.removeEventListener('change', tell)
}

export function Theme({ children }: { children: ReactNode }) {
  const dark = useSyncExternalStore(watchNight, () => night.matches)
  const [choice, setChoice] = useState<Choice>(
    () => (localStorage.getItem(stored) as Choice | null) ?? 'system',
  )
  const { language } = useLanguage()
  const shade: Shade = choice === 'system' ? (dark ? 'dark' : 'light') : choice
  useLayoutEffect(() => putOnPage(shade), [shade])
  const choose = (to: Choice) => {
    localStorage.setItem(stored, to)
    setChoice(to)
  }
  return (
    <Look value={{ choice, choose }}>
      <ConfigProvider
        theme={dress(shade)}
        locale={language === 'en' ? en : zh}
        button={{ autoInsertSpace: false }}
        wave={{ disabled: true }}
      >
        {children}
      </ConfigProvider>
    </Look>
  )
}

function dress(shade: Shade): ThemeConfig {
  const c = colours[shade]
  return {
    algorithm: shade === 'dark' ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      motion: !still.matches,
      fontFamily: typeface,
      fontSize: text.m,
      colorPrimary: c.accent,
      colorPrimaryHover: c.press,
      colorPrimaryActive: c.press,
      colorPrimaryBg: c.tint,
      colorInfo: c.accent,
      colorLink: c.accent,
      colorLinkHover: c.press,
      colorSuccess: c.good,
      colorWarning: c.wait,
      colorError: c.bad,
      colorTextLightSolid: c.onAccent,
      colorText: c.ink,
      colorTextSecondary: c.soft,
      colorTextTertiary: c.soft,
      colorTextDescription: c.soft,
      colorTextPlaceholder: c.soft,
      colorBgBase: c.paper,
      colorBgContainer: c.paper,
      colorBgElevated: c.paper,
      colorBgLayout: c.paper,
      colorBorder: c.edge,
      colorBorderSecondary: c.line,
      colorSplit: c.line,
      borderRadius: shape.round,
      borderRadiusLG: shape.round,
      borderRadiusSM: shape.round,
      controlHeight: 38,
      controlHeightLG: 48,
      boxShadow: `0 0 0 1px ${c.line}`,
      boxShadowSecondary: `0 0 0 1px ${c.line}, 0 8px 24px rgb(0 0 0 / 12%)`,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
    },
    components: partsOf(shade),
  }
}

function partsOf(shade: Shade): NonNullable<ThemeConfig['components']> {
  const c = colours[shade]
  const flat = { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' }
  return {
    Button: {
      ...flat,
      fontWeight: 500,
      primaryColor: c.onAccent,
      defaultBorderColor: c.edge,
      colorPrimary: c.accent,
      colorPrimaryHover: c.press,
      colorPrimaryActive: c.press,
      colorError: c.bad,
    },
    Table: {
      headerBg: c.paper,
      headerColor: c.soft,
      headerSplitColor: 'transparent',
      headerBorderRadius: 0,
      rowHoverBg: c.wash,
      cellPaddingBlockSM: 7,
      cellFontSizeSM: 14,
    },
    Segmented: { trackBg: c.wash, itemSelectedBg: c.paper, itemColor: c.soft },
    Modal: { titleFontSize: text.l },
    Form: { labelColor: c.soft, verticalLabelPadding: '0 0 4px', itemMarginBottom: 20 },
    Steps: { dotSize: 8 },
  }
}
