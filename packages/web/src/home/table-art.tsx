import './table-art.css';

/** A laid table from above: everyone's plate, and one still free. Only decoration. */
export function TableArt() {
  return (
    <svg className="table-art" viewBox="0 0 520 520" aria-hidden="true">
      <circle className="art-shadow" cx="260" cy="272" r="240" />
      <circle className="art-table" cx="260" cy="260" r="240" />
      <circle className="art-grain" cx="260" cy="260" r="206" />
      <g className="art-plate" data-glaze="0" transform="translate(260 112)">
        <Dish r={70} />
        <path d="M-28 6c12-26 44-26 56 0-12 18-44 18-56 0Z" fill="#f6c453" />
        <circle cx="-8" cy="2" r="5" fill="#c43d28" />
        <circle cx="9" cy="7" r="4" fill="#c43d28" />
        <circle cx="4" cy="-8" r="4" fill="#2f7d63" />
      </g>
      <g className="art-plate" data-glaze="1" transform="translate(408 214)">
        <Dish r={62} />
        <g fill="#dff0d8">
          <circle cx="-14" cy="-6" r="9" />
          <circle cx="8" cy="-12" r="9" />
          <circle cx="14" cy="8" r="9" />
          <circle cx="-6" cy="14" r="9" />
        </g>
      </g>
      <g className="art-plate" data-glaze="2" transform="translate(362 382)">
        <Dish r={72} />
        <g fill="none" stroke="#fbe6b2" strokeWidth="5" strokeLinecap="round">
          <path d="M-30 2c10-24 50-24 60 0" />
          <path d="M-24 10c8-18 40-18 48 0" />
          <path d="M-17 17c6-12 28-12 34 0" />
        </g>
        <path d="M12-26c10-8 20-6 24 0-8 8-18 8-24 0Z" fill="#5d9a56" />
      </g>
      <g className="art-plate" data-glaze="3" transform="translate(168 392)">
        <Dish r={66} />
        <circle r="27" fill="#e0930c" />
        <circle r="22" fill="#f6c453" />
        <g stroke="#e0930c" strokeWidth="3">
          <path d="M0-20V20M-20 0H20M-14-14 14 14M14-14-14 14" />
        </g>
      </g>
      <g className="art-plate" data-glaze="4" transform="translate(108 230)">
        <Dish r={64} />
        <path d="M-22 14c0-30 44-30 44 0Z" fill="#fbf3e2" />
        <path d="M-12-4c4-10 20-10 24 0" stroke="#e7d8b8" strokeWidth="4" fill="none" strokeLinecap="round" />
        <circle cx="-2" cy="-14" r="3.5" fill="#c43d28" />
      </g>
      <g className="art-free" transform="translate(256 258)">
        <circle r="52" />
        <circle r="31" />
        <path d="M-11 0H11M0-11V11" />
      </g>
    </svg>
  );
}

function Dish({ r }: { r: number }) {
  return (
    <>
      <circle className="dish-shadow" r={r} cx="3" cy="6" />
      <circle className="dish" r={r} />
      <circle className="dish-well" r={r * 0.68} />
    </>
  );
}
