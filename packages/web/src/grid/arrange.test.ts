import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrange } from './arrange.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `tile${index}`);
const base = { width: 1280, height: 640, stage: [], rest: [], floating: undefined, page: 0 };

describe('arrange', () => {
  it('places nothing in a window without size', () => {
    assert.equal(arrange({ ...base, width: 0, rest: names(3) }).rects.size, 0);
  });

  it('shows a stage larger than everything else', () => {
    const { rects } = arrange({ ...base, stage: ['screen'], rest: names(6) });
    const area = (key: string) => rects.get(key)!.width * rects.get(key)!.height;
    for (const name of names(6)) assert.ok(area('screen') > 4 * area(name));
  });

  it('puts the others beside the stage in a wide window, below it in a tall one', () => {
    const inWide = arrange({ ...base, stage: ['screen'], rest: ['a'] }).rects;
    assert.ok(inWide.get('a')!.left >= inWide.get('screen')!.left + inWide.get('screen')!.width);
    const inTall = arrange({ ...base, width: 360, height: 640, stage: ['screen'], rest: ['a'] }).rects;
    assert.ok(inTall.get('a')!.top >= inTall.get('screen')!.top + inTall.get('screen')!.height);
  });

  it('pages what does not fit, and every tile is on exactly one page', () => {
    const rest = names(60);
    const { pages } = arrange({ ...base, width: 360, height: 560, rest });
    assert.ok(pages > 1);
    const seen: string[] = [];
    for (let page = 0; page < pages; page++)
      seen.push(...arrange({ ...base, width: 360, height: 560, rest, page }).rects.keys());
    assert.deepEqual(seen.toSorted(), rest.toSorted());
  });

  it('shows the last page when the wanted one is gone', () => {
    const result = arrange({ ...base, rest: names(4), page: 7 });
    assert.equal(result.page, 0);
    assert.equal(result.rects.size, 4);
  });

  it('leaves an upright window to people below a shared screen', () => {
    const phone = { ...base, width: 360, height: 640, stage: ['screen'], rest: names(6) };
    const { rects, pages } = arrange({ ...phone, wideStage: true });
    assert.equal(pages, 1);
    assert.ok(rects.get('screen')!.height < 240);
    assert.equal(arrange(phone).pages > 1, true);
  });

  it('floats the own tile over the picture, not beside it', () => {
    const { rects } = arrange({ ...base, width: 1600, height: 400, rest: ['other'], floating: 'me' });
    const [me, other] = [rects.get('me')!, rects.get('other')!];
    assert.ok(me.left + me.width <= other.left + other.width && me.top + me.height <= other.top + other.height);
  });

  it('floats the own tile in the corner', () => {
    const { rects } = arrange({ ...base, rest: ['other'], floating: 'me' });
    const me = rects.get('me')!;
    assert.ok(me.left + me.width < 1280 && me.left > 640);
  });
});
