/** `node scripts/audit.ts`: known weaknesses in what is shipped. Exit code 1 for one that is high or critical. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

type Report = { metadata?: { vulnerabilities?: Record<string, number> }; vulnerabilities?: Record<string, unknown> };

const root = resolve(import.meta.dirname, '..');
const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 60_000,
});
const counts = read(stdout)?.metadata?.vulnerabilities;
if (counts === undefined) {
  // Mirrors often serve packages and nothing else: that nobody could be asked is no find.
  console.log('audit skipped: the registry does not answer it');
} else {
  const told = Object.entries(counts).map(([severity, count]) => `${count} ${severity}`);
  console.log(told.join(', '));
  const bad = (counts['high'] ?? 0) + (counts['critical'] ?? 0);
  if (bad > 0) {
    console.log(Object.keys(read(stdout)?.vulnerabilities ?? {}).join(', '));
    process.exitCode = 1;
  }
}

function read(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
}
