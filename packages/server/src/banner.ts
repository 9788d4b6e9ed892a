import { renderUnicodeCompact } from 'uqr';
import type { Links } from './edge/links.ts';
import type { AccessMode } from './room/access-mode.ts';

export type BannerFacts = {
  qrCode: boolean;
  selfSigned: boolean;
  mode: AccessMode;
  /** Makes its holder host of every room. */
  hostLink?: string | undefined;
};

const entrance: { readonly [mode in AccessMode]: string } = {
  open: 'Anyone who reaches it may enter and make rooms.',
  guests: 'Whoever comes waits until a host lets them in.',
  members: 'Only who has a token may enter: potluck token --room NAME',
};

/** What a person at the terminal wants to know once the server is up. */
export function banner({ local, others }: Links, { qrCode, selfSigned, mode, hostLink }: BannerFacts): string {
  const [best] = others;
  const lines = [
    '',
    '  Potluck is open.',
    '',
    `  On this machine     ${local}`,
    ...others
      .slice(0, 4)
      .map((link, index) => `  ${index === 0 ? 'From other devices ' : '                   '} ${link}`),
    '',
    `  ${entrance[mode]}`,
    ...(hostLink === undefined
      ? []
      : ['  For hosts, 12 hours long. Who has this link is host of every room:', hostLink]),
    '',
    ...(best !== undefined && qrCode ? [indent(renderUnicodeCompact(best, { border: 2 })), ''] : []),
    ...(best === undefined || !selfSigned
      ? []
      : ['  Other devices warn about the self-signed certificate once; go on from there.', '']),
  ];
  return `${lines.join('\n')}\n`;
}

const indent = (text: string): string => text.replaceAll(/^/gmu, '  ');
