import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { codingFor } from './container.ts';
import { ffmpegArguments, progressReader, type FfmpegProgress } from './ffmpeg.ts';
import { gstreamerArguments } from './gstreamer.ts';
import { sessionDescription } from './sdp.ts';
import type { Outlet } from './tracks.ts';

const video: Outlet = {
  ...{ kind: 'video', ip: '192.0.2.1', port: 40_000, rtcpPort: 40_001, ssrc: 0xffff_fffe, payloadType: 101 },
  copy: false,
};
const film = { kind: 'file', path: '/films/a b.webm' } as const;

describe('ffmpegArguments', () => {
  it('repeat a file at its own pace, and take its name as a name', () => {
    const line = ffmpegArguments(film, [video], { loop: true }).join(' ');
    assert.match(line, /-re -stream_loop -1 -i file:\/films\/a b\.webm -map 0:v:0 -c:v libvpx/);
    assert.match(line, /-ssrc -2 -payload_type 101 -f rtp rtp:\/\/192\.0\.2\.1:40000\?rtcpport=40001/);
  });

  it('neither pace nor repeat what is live', () => {
    const line = ffmpegArguments({ kind: 'url', url: 'rtsp://x/y', live: true }, [video], { loop: true }).join(' ');
    assert.doesNotMatch(line, /-re |-stream_loop/);
  });

  it('copy what fits, and write an IPv6 address into a URL', () => {
    const line = ffmpegArguments(film, [{ ...video, ip: '2001:db8::1', copy: true }], { loop: false }).join(' ');
    assert.match(line, /-map 0:v:0 -c copy .*rtp:\/\/\[2001:db8::1\]:40000/);
  });

  it('read camera and microphone of the system, and say where that is not possible', () => {
    const of = (platform: NodeJS.Platform) => ffmpegArguments({ kind: 'camera' }, [video], { loop: false }, platform);
    assert.match(of('linux').join(' '), /-f v4l2 -i \/dev\/video0 -f alsa/);
    assert.match(of('darwin').join(' '), /-f avfoundation/);
    assert.throws(() => of('win32'), { code: 'unsupported' });
  });
});

describe('gstreamerArguments', () => {
  it('let the RTP clock go on when a file is repeated', () => {
    const line = gstreamerArguments(film, [video], 10).join(' ');
    assert.match(line, /uri=file:\/\/\/films\/a%20b\.webm/);
    assert.match(line, /pt=101 ssrc=4294967294 timestamp-offset=900000 !/);
  });
});

describe('progressReader', () => {
  it('reads blocks of lines', () => {
    const seen: FfmpegProgress[] = [];
    const read = progressReader((progress) => seen.push(progress));
    for (const line of ['frame=50', 'out_time_us=2000000', 'speed=1.01x', 'progress=continue']) read(line);
    for (const line of ['out_time_us=N/A', 'speed=N/A', 'progress=end']) read(line);
    assert.deepEqual(seen, [
      { seconds: 2, speed: 1.01, frames: 50 },
      { seconds: 0, speed: undefined, frames: 50 },
    ]);
  });
});

describe('codingFor', () => {
  it('copies what the container holds and codes anew what it does not', () => {
    assert.deepEqual(codingFor('a.webm', ['audio/opus', 'video/VP8']), ['-c:a', 'copy', '-c:v', 'copy']);
    assert.deepEqual(codingFor('a.MP4', ['video/H264']), ['-c:v', 'copy']);
    assert.ok(codingFor('a.mp4', ['video/VP8']).includes('libx264'));
  });

  it('names the containers that would do', () => {
    assert.throws(() => codingFor('a.webm', ['video/H264']), /cannot hold video\/H264; use \.mkv or \.mp4/);
  });
});

describe('sessionDescription', () => {
  it('describes each track by its first codec that is no retransmission', () => {
    const text = sessionDescription([
      {
        kind: 'video',
        port: 5004,
        rtpParameters: {
          codecs: [
            { mimeType: 'video/H264', payloadType: 105, clockRate: 90_000, parameters: { 'packetization-mode': 1 } },
            { mimeType: 'video/rtx', payloadType: 106, clockRate: 90_000, parameters: { apt: 105 } },
          ],
        },
      },
    ]);
    assert.match(text, /m=video 5004 RTP\/AVP 105\r\na=rtpmap:105 H264\/90000\r\na=fmtp:105 packetization-mode=1\r\n/);
    assert.doesNotMatch(text, /rtx/);
  });
});
