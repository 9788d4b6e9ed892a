import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { doorRoutes, httpRoutes, linksRoutes } from '@potluck/protocol';
import { z } from 'zod';
import { adminRoutes } from '../admin/routes.ts';
import { openApiDocument } from './document.ts';
import { apiPage } from './page.ts';

const document = openApiDocument('1.2.3');
const json = JSON.stringify(document);

describe('the OpenAPI document', () => {
  it('has every route, under the name of its path parameters', () => {
    const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) }).parse(document);
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    const all = [httpRoutes, doorRoutes, linksRoutes, adminRoutes].flatMap((routes) => Object.values(routes));
    const expected = all.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/gu, '{$1}')}`);
    assert.deepEqual(routes.toSorted(), expected.toSorted());
  });

  it('refers only to what it holds', () => {
    const { components } = z
      .object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
      .parse(document);
    const referred = new Set(
      Array.from(json.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/gu), ([, name]) => name),
    );
    assert.ok(referred.size > 5);
    for (const name of referred) assert.ok(name !== undefined && name in components.schemas, name);
    assert.equal(json.includes('$defs'), false);
  });

  it('carries the descriptions and bounds of the schemas', () => {
    assert.match(json, /RTP and RTCP on one port/);
    assert.match(json, /"maxLength":128/);
  });
});

describe('the page', () => {
  const page = apiPage(document);

  it('shows every route, and needs nothing from elsewhere nor inline', () => {
    for (const name of Object.keys({ ...httpRoutes, ...adminRoutes })) assert.ok(page.includes(`id="${name}"`), name);
    assert.doesNotMatch(page, /<script|<style| style=|src=|href="http/);
  });

  it('links only to what it has', () => {
    const ids = new Set(Array.from(page.matchAll(/ id="(\w+)"/gu), ([, id]) => id));
    const dead = Array.from(page.matchAll(/href="#(\w+)"/gu), ([, id]) => id).filter((id) => !ids.has(id));
    assert.deepEqual([...new Set(dead)], []);
  });
});
