import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pictures } from './recorded.ts';
import { VideoSender, type Outlet } from './sender.ts';

function outlet(ssrc: number): Outlet & { reports: number } {
  return {
    ssrc,
    ready: true,
    packets: 0,
    octets: 0,
    retransmitted: 0,
    reports: 0,
    send() {
      this.packets += 1;
    },
    resend() {},
    report() {
      this.reports += 1;
    },
  };
}

describe('VideoSender', () => {
  it('sends and reports the layers that are switched on, as browsers do, and nothing while it is paused', () => {
    const outlets = [1, 2, 3].map(outlet);
    const layers = outlets.map((stream, index) => ({ stream, picture: pictures[index]!, bitrate: 100_000 }));
    const sender = new VideoSender(layers, 10);
    const run = (fromMs: number) => {
      for (let at = fromMs; at <= fromMs + 500; at += 20) sender.tick(at);
      sender.report(fromMs + 500, fromMs);
    };
    const found = () => outlets.map(({ packets, reports }) => [packets > 0, reports]);
    run(0);
    sender.setActive(2, false);
    outlets.forEach((one) => (one.packets = 0));
    run(2_000);
    assert.deepEqual(found(), [
      [true, 2],
      [true, 2],
      [false, 1],
    ]);
    sender.paused = true;
    outlets.forEach((one) => (one.packets = 0));
    run(4_000);
    assert.deepEqual(found(), [
      [false, 2],
      [false, 2],
      [false, 1],
    ]);
  });
});
