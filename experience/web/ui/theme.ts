// How the apps look: linen and petrol, as an old aeroplane. Light and dark are both first class; colours that carry words hold WCAG AA.

import { type CSSVariablesResolver, type MantineColorsTuple, createTheme } from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#e9f6f7',
  '#d3eaec',
  '#a5d5da',
  '#73bfc7',
  '#4aabb5',
  '#2c97a3',
  '#1a7f8b',
  '#126773',
  '#0f5560',
  '#08404a',
]

/** Warm greys: linen in the light. */
const gray: MantineColorsTuple = [
  '#f8f7f4',
  '#f1efea',
  '#e6e3dc',
  '#d6d2c9',
  '#bab5aa',
  '#938e83',
  '#6d685f',
  '#524e47',
  '#37342f',
  '#211f1c',
]

/** Night: blue-black, never quite black. */
const dark: MantineColorsTuple = [
  '#d5dcdf',
  '#b8c3c8',
  '#9aa8ae',
  '#5f7078',
  '#3a4950',
  '#2b383e',
  '#212c31',
  '#182125',
  '#12191d',
  '#0c1215',
]

const SYSTEM_FONTS =
  "system-ui, -apple-system, 'Segoe UI Variable Text', 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"
const SYSTEM_MONO = "ui-monospace, 'SF Mono', 'Cascadia Code', 'JetBrains Mono', 'Liberation Mono', monospace"

export const theme = createTheme({
  colors: { petrol, gray, dark },
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.42,
  fontFamily: SYSTEM_FONTS,
  fontFamilyMonospace: SYSTEM_MONO,
  headings: {
    fontWeight: '640',
    sizes: { h1: { fontSize: '2rem' }, h2: { fontSize: '1.6rem' }, h3: { fontSize: '1.25rem' } },
  },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '14px', xl: '28px' },
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Badge: { defaultProps: { tt: 'none', fw: 550, radius: 'sm' } },
    Modal: { defaultProps: { overlayProps: { backgroundOpacity: 0.4, blur: 2 } } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    Table: { defaultProps: { verticalSpacing: 'sm', highlightOnHover: true } },
  },
})

/** Names for what a surface is, the same in both schemes, beside what Mantine has: use these in .css files. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--bp-page': '#f8f7f4',
    '--bp-raised': '#ffffff',
    '--bp-line': '#e2dfd7',
    '--bp-quiet': '#68635a',
    '--bp-accent': '#c2410c',
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1f2a2e',
    '--mantine-color-dimmed': '#68635a',
    '--mantine-color-placeholder': '#6d685f',
    '--mantine-color-default-border': '#d6d2c9',
    '--mantine-color-error': '#a3271a',
    '--mantine-color-red-light': '#fdeeeb',
    '--mantine-color-red-light-color': '#a3271a',
    '--mantine-color-red-outline': '#a3271a',
  },
  dark: {
    '--bp-page': '#0e1518',
    '--bp-raised': '#151d21',
    '--bp-line': '#263238',
    '--bp-quiet': '#9aa8ae',
    '--bp-accent': '#ff8a5c',
    '--mantine-color-body': '#151d21',
    '--mantine-color-text': '#dfe6e8',
    '--mantine-color-dimmed': '#9aa8ae',
    '--mantine-color-placeholder': '#8897a0',
    '--mantine-color-default-border': '#33424a',
    '--mantine-color-error': '#ff9f90',
    '--mantine-color-red-light': '#331b18',
    '--mantine-color-red-light-color': '#ff9f90',
    '--mantine-color-red-outline': '#ff9f90',
    '--mantine-color-anchor': '#73bfc7',
  },
})
