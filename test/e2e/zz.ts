import { openBrowser } from '@potluck/testkit/browser';
import { createServer } from 'node:http';
const server = createServer((_q, s) => s.setHeader('content-type', 'text/html').end('<video></video>'));
await new Promise<void>((r) => server.listen(0, r));
const base = `http://localhost:${(server.address() as any).port}/`;
const browser = await openBrowser();
const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));
for (const variant of ['default', 'throughput', 'queue', 'byrule', 'byrule-default', 'lossfirst']) {
  const { page, close } = await browser.open(base, { name: variant });
  const d = await page.context().newCDPSession(page);
  await d.send('Network.enable');
  const set = (loss: number, first = false) =>
    variant.startsWith('byrule')
      ? d.send(
          'Network.emulateNetworkConditionsByRule' as any,
          {
            offline: false,
            matchedNetworkConditions: [
              {
                urlPattern: '',
                latency: 0,
                downloadThroughput: variant === 'byrule' ? 1e9 : -1,
                uploadThroughput: variant === 'byrule' ? 1e9 : -1,
                packetLoss: loss,
              },
            ],
          } as any,
        )
      : d.send('Network.emulateNetworkConditions', {
          offline: false,
          latency: 0,
          downloadThroughput: variant === 'throughput' ? 1e9 : -1,
          uploadThroughput: variant === 'throughput' ? 1e9 : -1,
          packetLoss: variant === 'lossfirst' && first ? 1 : loss,
          ...(variant === 'queue' && { packetQueueLength: 10000 }),
        });
  try {
    await set(0, true);
    const frames = () =>
      page.evaluate(async () => {
        const w = globalThis as any;
        if (!w.v) {
          const a = new RTCPeerConnection(),
            b = new RTCPeerConnection();
          a.onicecandidate = (e) => e.candidate && b.addIceCandidate(e.candidate);
          b.onicecandidate = (e) => e.candidate && a.addIceCandidate(e.candidate);
          const s = await navigator.mediaDevices.getUserMedia({ video: true });
          a.addTrack(s.getVideoTracks()[0]!, s);
          b.ontrack = (e) => {
            w.v = document.querySelector('video');
            w.v.muted = true;
            w.v.srcObject = e.streams[0];
            w.v.play();
          };
          await a.setLocalDescription();
          await b.setRemoteDescription(a.localDescription!);
          await b.setLocalDescription();
          await a.setRemoteDescription(b.localDescription!);
        }
        return w.v ? w.v.getVideoPlaybackQuality().totalVideoFrames : 0;
      });
    const out: number[] = [];
    await frames();
    await sleep(2000);
    out.push(await frames());
    await set(100);
    await sleep(1000);
    out.push(await frames());
    await sleep(1000);
    out.push(await frames());
    await set(0);
    await sleep(2000);
    out.push(await frames());
    console.log(variant, out);
  } catch (e) {
    console.log(variant, String(e).slice(0, 300));
  }
  await close();
}
await browser[Symbol.asyncDispose]();
server.close();
