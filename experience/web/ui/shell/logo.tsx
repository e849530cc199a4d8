// Two wings, two planes, the struts between them, and what turns in the middle.

export const Logo = ({ size = 28 }: { size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 32 32" fill="none" strokeLinecap="round" aria-hidden="true">
    <path d="M3 10.5h26M6.5 22h19" stroke="currentColor" strokeWidth="3.6" />
    <path d="M10 12.2l1.6 8M22 12.2l-1.6 8" stroke="currentColor" strokeWidth="1.6" />
    <circle cx="16" cy="16.2" r="3" fill="var(--bp-accent)" />
  </svg>
)
