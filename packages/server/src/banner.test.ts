import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { banner } from './banner.ts';
import { linksOf } from './edge/links.ts';

describe('banner', () => {
  const facts = { httpsPort: 4443, httpPort: 4480, domain: undefined, addresses: ['192.0.2.2', '2001:db8::2'] };

  it('shows a link for this machine, links for others, a QR code and the warning of a self-signed certificate', () => {
    const text = banner(linksOf(facts), { qrCode: true, selfSigned: true, mode: 'open' });
    assert.match(text, /On this machine {5}http:\/\/localhost:4480\//u);
    assert.match(text, /From other devices {2}https:\/\/192\.0\.2\.2:4443\/\n +https:\/\/\[2001:db8::2\]:4443\//u);
    assert.ok(text.includes('█▀') && text.includes('self-signed'));
    assert.ok(text.split('\n').every((line) => line.length <= 80));
  });

  it('says who may enter, and gives the operator of a server for guests a link for hosts', () => {
    const links = linksOf(facts);
    const plain = { qrCode: false, selfSigned: false } as const;
    assert.match(banner(links, { ...plain, mode: 'open' }), /Anyone who reaches it may enter/u);
    const guests = banner(links, { ...plain, mode: 'guests', hostLink: 'https://192.0.2.2:4443/#token=x' });
    assert.match(guests, /waits until a host lets them in[\s\S]+https:\/\/192\.0\.2\.2:4443\/#token=x/u);
  });

  it('prefers the domain, and leaves out what does not hold', () => {
    const links = linksOf({ ...facts, httpsPort: 443, httpPort: undefined, domain: 'meet.example.org' });
    assert.deepEqual([links.local, links.others[0]], ['https://localhost/', 'https://meet.example.org/']);
    const text = banner(links, { qrCode: false, selfSigned: false, mode: 'members' });
    assert.doesNotMatch(text, /█|self-signed/u);
    assert.doesNotMatch(
      banner({ local: 'x', others: [] }, { qrCode: true, selfSigned: true, mode: 'open' }),
      /other devices/iu,
    );
  });
});
