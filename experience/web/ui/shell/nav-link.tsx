// A link of the shell. Each app has a router of its own type, and the shell serves both: here alone an address is any text.

import { Link, type RouterHistory, useRouter } from '@tanstack/react-router'
import { type AnchorHTMLAttributes, type FunctionComponent, useCallback } from 'react'

interface AnyLinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: string
  activeOptions?: { exact: boolean }
}

export const NavLink = Link as unknown as FunctionComponent<AnyLinkProps>

/** Goes to an address of this app. */
export function useGo(): (to: string) => void {
  const { history } = useRouter() as { history: RouterHistory }
  return useCallback((to: string) => history.push(to), [history])
}
