/**
 * Who may know whom (docs/adr, CONTRIBUTING.md «Layout»). Calls go inwards, facts come back outwards as events, and no
 * import points outwards.
 */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '..');

type Import = { readonly from: string; readonly to: string; readonly typeOnly: boolean };

const sources = globSync('packages/*/src/**/*.{ts,tsx,mjs}', { cwd: root }).map((file) => file.replaceAll('\\', '/'));
/** Tests, and what a folder's tests share. */
const isTest = (file: string) => /\.test\.tsx?$|\/testing\.ts$/.test(file);
const shipped = sources.filter((file) => !isTest(file) && !file.startsWith('packages/testkit/'));

/** Every import of a file: relative ones as a path from the root, packages by their specifier. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const statements =
    /\b(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;
  return Array.from(text.matchAll(statements), ([, type, specifier, dynamic]) => ({
    from: file,
    to: resolveSpecifier(file, specifier ?? dynamic ?? ''),
    typeOnly: type !== undefined,
  }));
}

function resolveSpecifier(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(file), specifier));
  if (specifier.startsWith('#src/')) return specifier.replace('#src/', 'packages/server/src/');
  return specifier;
}

const imports = new Map(sources.map((file) => [file, importsOf(file)]));
const allImports = (files: string[]) => files.flatMap((file) => imports.get(file) ?? []);
const packageOf = (file: string) => /^packages\/([^/]+)\//.exec(file)?.[1] ?? '';
const inPackage = (name: string) => shipped.filter((file) => packageOf(file) === name);
const isOutside = (to: string) => !to.startsWith('packages/');
const show = ({ from, to }: Import) => `${from} imports ${to}`;

function expectNone(found: Import[], rule: string): void {
  assert.deepEqual(found.map(show), [], rule);
}

/** The npm name behind a specifier: `mediasoup/types` is of `mediasoup`. */
const npmName = (to: string) => (to.startsWith('@') ? to.split('/', 2).join('/') : (to.split('/', 1)[0] ?? ''));

describe('packages', () => {
  it('are read at all', () => {
    assert.ok(allImports(shipped).length > 40, 'the pattern that finds imports finds next to none');
  });

  const allowed: { [name: string]: string[] } = {
    kernel: ['zod'],
    protocol: ['@potluck/kernel', 'zod'],
    client: ['@potluck/kernel', '@potluck/protocol', 'mediasoup-client', 'zod'],
  };
  for (const [name, names] of Object.entries(allowed)) {
    it(`${name} imports nothing but ${names.join(', ')}`, () => {
      const foreign = allImports(inPackage(name)).filter(({ to }) => isOutside(to) && !names.includes(npmName(to)));
      expectNone(foreign, `allowed: ${names.join(', ')}`);
    });
  }

  it('web knows the server only through client, and the protocol only by its types', () => {
    const foreign = allImports(inPackage('web')).filter(
      ({ to, typeOnly }) =>
        ['@potluck/server', '@potluck/engine', '@potluck/testkit', 'mediasoup', 'mediasoup-client'].includes(
          npmName(to),
        ) ||
        (npmName(to) === '@potluck/protocol' && !typeOnly),
    );
    expectNone(foreign, 'web may import client, kernel, types of protocol, and libraries of its own');
  });

  it('nothing that ships imports testkit', () => {
    expectNone(
      allImports(shipped).filter(({ to }) => npmName(to) === '@potluck/testkit'),
      'fakes stay in tests',
    );
  });

  it('no relative import crosses a package border', () => {
    const crossing = allImports(sources).filter(
      ({ from, to }) => !isOutside(to) && packageOf(from) !== packageOf(to) && packageOf(from) !== 'testkit',
    );
    expectNone(crossing, 'packages meet at their index.ts');
  });

  it('a package has one barrel: its index.ts', () => {
    const barrels = shipped.filter(
      (file) => /\/index\.tsx?$/.test(file) && !/^packages\/[^/]+\/src\/index\.ts$/.test(file),
    );
    assert.deepEqual(barrels, []);
    const reexporting = shipped.filter(
      (file) =>
        !/^packages\/[^/]+\/src\/index\.ts$/.test(file) &&
        /^export (?:type )?\* from/m.test(readFileSync(join(root, file), 'utf8')),
    );
    assert.deepEqual(reexporting, [], 'only index.ts re-exports');
  });
});

describe('the server', () => {
  const prefix = 'packages/server/src/';
  /** Left never imports right; what stands together may know each other. */
  const layers = [
    ['version'],
    ['media', 'store'],
    ['room'],
    ['session'],
    ['access'],
    ['config'],
    ['watch', 'edge', 'console', 'throttle'],
    ['cli', 'the process'],
  ];
  /** The folder; files beside the folders put everything together: the outermost layer. */
  const partOf = (file: string) => {
    const [first = '', ...rest] = file.slice(prefix.length).split('/');
    return rest.length > 0 ? first : first === 'version.ts' ? 'version' : 'the process';
  };
  const layerOf = (file: string) => layers.findIndex((parts) => parts.includes(partOf(file)));
  const files = inPackage('server');
  const inside = allImports(files).filter(({ to }) => to.startsWith(prefix));

  it('has a layer for every folder', () => {
    const homeless = files.filter((file) => layerOf(file) === -1);
    assert.deepEqual(homeless, [], 'name the new folder in `layers`, so that its place is a decision');
  });

  it('imports only inwards', () => {
    expectNone(
      // Config is plain data of the whole program: it names the settings of every part by type, and parts name it.
      inside.filter(
        ({ from, to, typeOnly }) =>
          layerOf(to) > layerOf(from) && !(typeOnly && [partOf(from), partOf(to)].includes('config')),
      ),
      'media ← room ← session ← access ← config ← edge, console, watch ← app, main',
    );
  });

  it('keeps mediasoup behind media/mediasoup', () => {
    const outside = files.filter((file) => !file.startsWith(`${prefix}media/mediasoup/`));
    expectNone(
      allImports(outside).filter(({ to }) => npmName(to) === 'mediasoup'),
      'the port is media/fabric.ts',
    );
  });

  it('lets rooms and sessions see media only as the types of fabric.ts', () => {
    const looking = inside.filter(({ from, to, typeOnly }) => {
      const inner = ['room', 'session'].includes(partOf(from));
      return inner && partOf(to) === 'media' && !(typeOnly && to === `${prefix}media/fabric.ts`);
    });
    expectNone(looking, 'import type … from media/fabric.ts');
  });

  it('touches argv, signals and exit codes nowhere but in its outermost layer', () => {
    const touching = files.filter(
      (file) =>
        layerOf(file) < layers.length - 1 &&
        partOf(file) !== 'console' &&
        /\bprocess\.(?:argv|exit|exitCode|on|once)\b/.test(readFileSync(join(root, file), 'utf8')),
    );
    assert.deepEqual(touching, []);
  });

  it('reads the environment nowhere but in config and main', () => {
    const reading = files.filter(
      (file) =>
        !['config', 'cli', 'console', 'the process'].includes(partOf(file)) &&
        /\bprocess\.env\b/.test(readFileSync(join(root, file), 'utf8')),
    );
    assert.deepEqual(reading, []);
  });
});

describe('files', () => {
  it('have no import cycles', () => {
    assert.deepEqual(findCycles(), []);
  });

  it('import relative files with their extension', () => {
    const bare = allImports(sources).filter(({ to }) => !isOutside(to) && !/\.\w+(?:\?\w+)?$/.test(to));
    expectNone(bare, 'Node resolves files, not guesses');
  });
});

/** Cycles of imports that exist at run time, each once, as `a → b → a`. */
function findCycles(): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const path: string[] = [];
  const cycles: string[] = [];
  const visit = (file: string): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      return;
    }
    state.set(file, 'open');
    path.push(file);
    for (const { to, typeOnly } of imports.get(file) ?? []) if (!typeOnly && imports.has(to)) visit(to);
    path.pop();
    state.set(file, 'done');
  };
  for (const file of shipped) visit(file);
  return cycles;
}
