/** A plate on a stem: a P. */
export function LogoMark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <rect x="10" y="9" width="11" height="51" rx="5.5" fill="var(--herb)" />
      <circle cx="33" cy="27" r="23" fill="var(--herb)" />
      <circle cx="33" cy="27" r="14.5" fill="none" stroke="var(--on-herb)" strokeOpacity=".5" strokeWidth="2.5" />
      <circle cx="33" cy="27" r="7" fill="var(--saffron)" />
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
