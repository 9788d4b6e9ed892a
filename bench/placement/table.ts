import { writeFileSync } from 'node:fs';
import { simulateAll, sizes, type Placed } from './simulate.ts';

/** `node bench/placement/table.ts [picture.svg]`: the table of docs/resilience.md, and the load of the busiest worker as a picture. */
const placed = simulateAll();
const of = (peers: number, workers: number) => placed.find((one) => one.peers === peers && one.workers === workers);
const cell = (one: Placed | undefined) =>
  one === undefined ? '' : `${one.used} / ${one.pipes} / ${Math.round(one.peakCpu * 100)} % / ${one.spread.toFixed(2)}`;

console.log(`| peers | ${sizes.workers.map((workers) => `${workers} workers`).join(' | ')} |`);
console.log(`| ---: | ${sizes.workers.map(() => '---:').join(' | ')} |`);
for (const peers of sizes.peers) {
  console.log(`| ${peers} | ${sizes.workers.map((workers) => cell(of(peers, workers))).join(' | ')} |`);
}

const [file] = process.argv.slice(2);
if (file !== undefined) writeFileSync(file, picture());

function picture(): string {
  const [width, height, left, bottom] = [760, 360, 60, 40];
  const most = Math.max(...placed.map(({ peakCpu }) => peakCpu));
  const x = (peers: number) => left + (Math.log(peers / 2) / Math.log(1000)) * (width - left - 110);
  const y = (cpu: number) => height - bottom - (Math.log1p(cpu * 10) / Math.log1p(most * 10)) * (height - bottom - 40);
  const colors = ['#c62828', '#ef6c00', '#f9a825', '#2e7d32', '#1565c0', '#4527a0'];
  const lines = sizes.workers.map((workers, index) => {
    const points = sizes.peers.map(
      (peers) => `${x(peers).toFixed(0)},${y(of(peers, workers)?.peakCpu ?? 0).toFixed(0)}`,
    );
    const end = y(of(2000, workers)?.peakCpu ?? 0);
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${colors[index]}" stroke-width="2"/><text x="${width - 105}" y="${(end + 4).toFixed(0)}" fill="${colors[index]}">${workers} workers</text>`;
  });
  const marks = sizes.peers.map(
    (peers) => `<text x="${x(peers).toFixed(0)}" y="${height - 18}" text-anchor="middle">${peers}</text>`,
  );
  const shares = [0.1, 0.5, 1, 2, 5, 10].filter((share) => share <= most);
  const grid = shares.map(
    (share) =>
      `<line x1="${left}" x2="${width - 110}" y1="${y(share).toFixed(0)}" y2="${y(share).toFixed(0)}" stroke="${share === 1 ? '#888' : '#ddd'}"/><text x="${left - 8}" y="${(y(share) + 4).toFixed(0)}" text-anchor="end">${share * 100} %</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/><text x="${left}" y="22" font-weight="bold">Busiest worker (share of a core) of one room, by its peers</text>${grid.join('')}${marks.join('')}${lines.join('\n')}</svg>\n`;
}
