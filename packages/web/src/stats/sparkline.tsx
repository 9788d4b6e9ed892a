import './sparkline.css';

/** A small line of the last readings, from zero to their largest. */
export function Sparkline({ values, label }: { values: readonly number[]; label: string }) {
  const largest = Math.max(1, ...values);
  const points = values.map(
    (value, index) => `${(100 * index) / Math.max(1, values.length - 1)},${(28 - (26 * value) / largest).toFixed(1)}`,
  );
  return (
    <svg className="sparkline" viewBox="0 0 100 30" preserveAspectRatio="none" role="img" aria-label={label}>
      {values.length > 1 && (
        <>
          <polygon points={`0,30 ${points.join(' ')} 100,30`} />
          <polyline points={points.join(' ')} vectorEffect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
}
