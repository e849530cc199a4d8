// Light or dark: as the system says, until somebody says otherwise.

import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { IconMoon, IconSun } from '@tabler/icons-react'

export function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const other = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark' ? 'light' : 'dark'
  const Sign = other === 'dark' ? IconMoon : IconSun
  return (
    <Tooltip label={`Make it ${other}`}>
      <ActionIcon
        className="shell-quiet"
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Make it ${other}`}
        onClick={() => setColorScheme(other)}
      >
        <Sign size={19} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  )
}
