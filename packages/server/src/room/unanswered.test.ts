import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConsumerId, ProducerId, TransportId } from '@potluck/protocol';
import { FakeClock } from '@potluck/testkit';
import type { Held } from './held.ts';
import { Unanswered } from './unanswered.ts';

const offered = (name: string): Held => ({
  key: name,
  id: ConsumerId.parse(`consumer of ${name}`),
  producerId: ProducerId.parse(name),
  transportId: TransportId.parse('t'),
  state: 'offered',
  toldPaused: false,
  pausedByClient: false,
  pausedByView: false,
  flows: false,
  clientLayers: undefined,
  viewLayers: undefined,
  clientPriority: false,
  viewPriority: undefined,
  score: { score: 10, producerScore: 10, producerScores: [] },
});

function start() {
  const clock = new FakeClock();
  const again: string[] = [];
  const unanswered = new Unanswered({ clock, present: () => true }, (silent) => {
    again.push(...silent.map(({ key }) => key));
  });
  return { clock, again, unanswered };
}

describe('Unanswered', () => {
  it('has offered again what stays without an answer, and nothing else', () => {
    const { clock, again, unanswered } = start();
    const [soup, bread] = [offered('soup'), offered('bread')];
    unanswered.offered([soup, bread]);
    bread.state = 'accepted';
    clock.advance(8000);
    assert.deepEqual(again, ['soup']);
  });

  it('remembers no producer that has ended without an answer, and none that was answered', () => {
    const { clock, unanswered } = start();
    const [soup, bread, tea] = [offered('soup'), offered('bread'), offered('tea')];
    unanswered.offered([soup, bread, tea]);
    clock.advance(8000);
    assert.equal(unanswered.size, 3);
    unanswered.answered(tea);
    unanswered.forgetGone(new Map([[bread.producerId, {}]]));
    assert.equal(unanswered.size, 1, 'only bread');
  });
});
