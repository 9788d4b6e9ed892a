import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DataProducerId, PeerId, ProducerId, TransportId, type Source } from '@potluck/protocol';
import { reconcile, shownWhole, wantedData, wantedMedia, type Listener, type View } from './audience.ts';
import type { DataPublication, Publication } from './publication.ts';

const ann = PeerId.parse('ann');
const bob = PeerId.parse('bob');
const transportId = TransportId.parse('t');

function publication(id: string, source: Source, type: Publication['type'] = 'simulcast'): Publication {
  const kind = source === 'microphone' || source === 'screen-audio' ? 'audio' : 'video';
  const mimeType = kind === 'audio' ? 'audio/opus' : 'video/vp8';
  return {
    id: ProducerId.parse(id),
    peerId: ann,
    transportId,
    kind,
    type,
    mimeType,
    source,
    appData: {},
    paused: false,
  };
}

const listener = (view?: View, replicas = 0): Listener => ({ peerId: bob, view, replicas, chatByNotice: false });
const view = (video: Record<string, number>, audio = true): View => ({
  audio,
  video: new Map(Object.entries(video).map(([id, height]) => [ProducerId.parse(id), { width: height * 2, height }])),
});
const nothing = new Set<string>();

describe('wantedMedia', () => {
  const all = [
    publication('mic', 'microphone', 'simple'),
    publication('cam', 'camera'),
    publication('screen', 'screen'),
  ];
  const keys = (l: Listener, open = nothing) => [...wantedMedia(l, all, open).keys()];

  it('is everything of others for a client without a view, nothing of its own', () => {
    assert.deepEqual(keys(listener()), ['mic', 'cam', 'screen']);
    assert.deepEqual(keys({ ...listener(), peerId: ann }), []);
  });

  it('copies each consumer as often as asked', () => {
    assert.deepEqual(keys(listener(undefined, 1)), ['mic', 'mic#1', 'cam', 'cam#1', 'screen', 'screen#1']);
  });

  it('keeps what goes on elsewhere for who is about to receive elsewhere, and takes the rest at once', () => {
    const before = { ...publication('before', 'camera'), superseded: true as const };
    const after = { ...publication('after', 'camera'), follows: before.id };
    const wanted = (leaving: boolean, ...open: string[]) => [
      ...wantedMedia({ ...listener(), leaving }, [before, after], new Set(open)).keys(),
    ];
    assert.deepEqual(wanted(true, 'before'), ['before']);
    assert.deepEqual(wanted(true), ['after'], 'it was not shown');
    assert.deepEqual(wanted(true, 'before', 'after'), ['before', 'after']);
    assert.deepEqual(wanted(false, 'before'), ['before', 'after']);
  });

  it('is the sound of those who have the floor, of every screen, and of what is about to move', () => {
    const moving = { ...publication('moving', 'microphone', 'simple'), superseded: true as const };
    const sounds = [publication('a', 'microphone', 'simple'), publication('b', 'microphone', 'simple'), moving];
    const published = [...sounds, publication('film', 'screen-audio', 'simple')];
    const floor = new Set([ProducerId.parse('b')]);
    assert.deepEqual(
      [...wantedMedia({ ...listener(), floor }, published, new Set(['moving'])).keys()],
      ['b', 'moving', 'film'],
    );
    assert.equal(wantedMedia(listener(), published, new Set(['moving'])).size, 4);
  });

  it('is what is shown, all sound, and paused what was shown before', () => {
    assert.deepEqual(keys(listener(view({ cam: 180 }))), ['mic', 'cam']);
    const wants = wantedMedia(listener(view({})), all, new Set(['cam']));
    assert.deepEqual(
      Array.from(wants.values(), ({ key, paused }) => [key, paused]),
      [
        ['mic', false],
        ['cam', true],
      ],
    );
    assert.deepEqual(keys(listener(view({}, false))), []);
  });

  it('is at most so many videos before there is a view', () => {
    assert.deepEqual(keys({ ...listener(), firstVideos: 1 }), ['mic', 'cam']);
    assert.deepEqual(keys({ ...listener(view({ screen: 90 })), firstVideos: 0 }), ['mic', 'screen']);
  });

  it('is what comes next, too, for who shows all that there was, as far as a first screen holds it', () => {
    const after = (shown: Record<string, number>, there: string[], firstVideos?: number) => {
      const said = view(shown);
      const whole = shownWhole(
        said,
        there.map((id) => publication(id, 'camera')),
        bob,
      );
      return keys({ ...listener({ ...said, whole }), ...(firstVideos !== undefined && { firstVideos }) });
    };
    assert.deepEqual(after({ cam: 90 }, ['cam'], 2), ['mic', 'cam', 'screen']);
    assert.deepEqual(after({}, [], 2), ['mic', 'cam', 'screen'], 'there was nothing');
    assert.deepEqual(after({ cam: 90 }, ['cam'], 1), ['mic', 'cam'], 'a full screen');
    assert.deepEqual(after({ cam: 90 }, ['cam']), ['mic', 'cam'], 'no first screen');
    assert.deepEqual(after({ cam: 90 }, ['cam', 'screen'], 9), ['mic', 'cam'], 'it was there, and is not shown');
    assert.deepEqual(after({ screen: 90 }, ['other', 'screen'], 9), ['mic', 'screen'], 'not all are shown');
  });

  it('takes what comes next to be as small as the smallest', () => {
    const after = (shown: Record<string, number>) => {
      const said = view(shown);
      const whole = shownWhole(
        said,
        Object.keys(shown).map((id) => publication(id, 'camera')),
        bob,
      );
      const published = [...Object.keys(shown), 'new'].map((id) => publication(id, 'camera'));
      const want = wantedMedia({ ...listener({ ...said, whole }), firstVideos: 9 }, published, nothing).get('new');
      return [want?.layers?.spatialLayer, want?.priority];
    };
    assert.deepEqual(after({ one: 700, two: 180 }), [0, 1]);
    assert.deepEqual(after({ one: 700 }), [2, 100]);
    assert.deepEqual(after({}), [undefined, undefined]);
  });

  it('picks the layer by the height shown, and never shrinks a screen', () => {
    const layerAt = (height: number) =>
      wantedMedia(listener(view({ cam: height, screen: height })), all, nothing).get('cam')?.layers?.spatialLayer;
    assert.deepEqual([90, 200, 201, 400, 401, 2160].map(layerAt), [0, 0, 1, 1, 2, 2]);
    assert.equal(wantedMedia(listener(view({ screen: 90 })), all, nothing).get('screen')?.layers, undefined);
  });

  it('ranks a screen before every face, and large pictures before small ones', () => {
    const ranksAt = (height: number) => {
      const wants = wantedMedia(listener(view({ cam: height, screen: 90 })), all, nothing);
      return [wants.get('cam')?.priority, wants.get('screen')?.priority, wants.get('mic')?.priority];
    };
    assert.deepEqual([90, 360, 720].map(ranksAt), [
      [1, 200, undefined],
      [50, 200, undefined],
      [100, 200, undefined],
    ]);
    assert.equal(wantedMedia(listener(), all, nothing).get('screen')?.priority, undefined);
  });
});

describe('wantedData', () => {
  const data = (id: string, label: string, peerId: PeerId | undefined): DataPublication => ({
    ...{ id: DataProducerId.parse(id), label, peerId, transportId, protocol: '', appData: {} },
  });
  const all = [
    data('1', 'chat', ann),
    data('2', 'bot', ann),
    data('3', 'files', ann),
    data('4', 'bot', undefined),
    data('5', 'x', bob),
  ];

  it('is what others and the bot say, but not what they say to the bot', () => {
    assert.deepEqual(
      wantedData(listener(), all).map(({ id }) => id),
      ['1', '3', '4'],
    );
  });

  it('leaves out chat channels where chat comes by notices', () => {
    assert.deepEqual(
      wantedData({ ...listener(), chatByNotice: true }, all).map(({ id }) => id),
      ['3', '4'],
    );
  });
});

describe('reconcile', () => {
  it('names what to open, to close and to keep', () => {
    const wants = wantedMedia(listener(), [publication('a', 'camera'), publication('b', 'camera')], nothing);
    const { open, close, keep } = reconcile(
      wants,
      new Map([
        ['b', 'held b'],
        ['c', 'held c'],
      ]),
    );
    assert.deepEqual(
      open.map(({ key }) => key),
      ['a'],
    );
    assert.deepEqual(close, ['held c']);
    assert.deepEqual(
      keep.map(({ held }) => held),
      ['held b'],
    );
  });
});
