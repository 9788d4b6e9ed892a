import { globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, type Step } from './run.ts';

const bin = (name: string) => join(root, 'node_modules', '.bin', name);
const find = (...patterns: string[]) => globSync(patterns, { cwd: root, exclude: ['**/node_modules/**'] }).toSorted();

/** A directory of tests for Node's own runner. `together`: how many files at once. */
function tests(
  name: string,
  files: string[],
  options: { together: number; minutes: number; seconds?: number; about?: string },
): Step {
  const flags = [
    '--test',
    '--import=./scripts/check/leftovers.ts',
    '--test-reporter=spec',
    `--test-concurrency=${options.together}`,
    `--test-timeout=${(options.seconds ?? 120) * 1000}`,
  ];
  return {
    name,
    command: process.execPath,
    args: [...flags, ...files],
    runsTests: true,
    empty: files.length === 0,
    timeoutMs: options.minutes * 60_000,
    ...(options.about !== undefined && { about: options.about }),
  };
}

function check(name: string, command: string, args: string[], minutes = 3): Step {
  return { name, command, args, runsTests: false, empty: false, timeoutMs: minutes * 60_000 };
}

const abouts: { readonly [folder: string]: string } = {
  media: 'real mediasoup workers',
  v3: 'every message of a v3 client',
  sdk: 'the SDK in Node, real media',
  engine: 'C++ with sanitizers',
};
/** A folder of tests that is added is run, without being named here. The browser comes last: it needs the web app. */
const folders = readdirSync(join(root, 'test'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'e2e')
  .map(({ name }) => name)
  .toSorted();

/** Groups run one after another, the steps of a group side by side. */
export const steps: Step[][] = [
  [
    check('format', bin('prettier'), ['--check', '--log-level', 'warn', '.']),
    check('lint', bin('oxlint'), ['--type-aware', '--deny-warnings']),
    check('types', bin('tsc'), ['-p', 'tsconfig.json']),
    check('webtypes', bin('tsc'), ['-p', 'packages/web']),
    check('docs', process.execPath, ['scripts/docs.ts', '--check']),
    check('audit', process.execPath, ['scripts/audit.ts']),
    tests('unit', find('packages/*/src/**/*.test.{ts,mjs}', 'test/*.test.ts', 'scripts/**/*.test.{ts,mjs}'), {
      together: 2,
      minutes: 4,
      // A file that hangs is named by the runner, well before the step is stopped.
      seconds: 60,
    }),
  ],
  ...folders.map((name) => [
    tests(name, find(`test/${name}/**/*.test.ts`), {
      together: 1,
      minutes: 5,
      about: abouts[name] ?? 'with real workers',
    }),
  ]),
  [
    check('webbuild', process.execPath, [
      join(root, 'node_modules/vite/bin/vite.js'),
      'build',
      'packages/web',
      '--logLevel',
      'warn',
    ]),
  ],
  [check('budget', process.execPath, ['scripts/check/budget.ts'])],
  [tests('e2e', find('test/e2e/**/*.e2e.ts'), { together: 1, minutes: 18, about: 'Chromium, real calls' })],
];
