/** Somebody before a background of dots. */
export function BlurIcon({ size = 22 }: { size?: number }) {
  const dots = [
    [3, 4], [7.5, 2.5], [16.5, 2.5], [21, 4], [2.5, 9], [21.5, 9], [2.5, 14], [21.5, 14],
  ] as const; // prettier-ignore
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      aria-hidden="true"
    >
      <circle cx="12" cy="8.5" r="4" />
      <path d="M4.5 21.5a7.5 7.5 0 0 1 15 0" strokeLinecap="round" />
      {dots.map(([cx, cy]) => (
        <circle key={`${cx} ${cy}`} cx={cx} cy={cy} r="1.1" fill="currentColor" stroke="none" />
      ))}
    </svg>
  );
}
