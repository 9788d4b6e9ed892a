/** A plate and a spoon that together make a P. */
export function LogoMark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <rect x="9" y="8" width="9" height="50" rx="4.5" fill="var(--saffron)" />
      <circle cx="35" cy="27" r="21" fill="var(--herb)" />
      <circle cx="35" cy="27" r="12.5" fill="none" stroke="var(--on-herb)" strokeOpacity=".45" strokeWidth="2.5" />
      <circle cx="35" cy="27" r="5.5" fill="var(--saffron)" />
    </svg>
  );
}

export function Logo({ size = 32 }: { size?: number }) {
  return (
    <span className="logo">
      <LogoMark size={size} />
      <span>Potluck</span>
    </span>
  );
}
