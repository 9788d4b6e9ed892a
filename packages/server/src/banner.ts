import { renderUnicodeCompact } from 'uqr';
import type { Links } from './edge/links.ts';

/** What a person at the terminal wants to know once the server is up. */
export function banner(
  { local, others }: Links,
  { qrCode, selfSigned }: { qrCode: boolean; selfSigned: boolean },
): string {
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
    ...(best !== undefined && qrCode ? [indent(renderUnicodeCompact(best, { border: 2 })), ''] : []),
    ...(best === undefined || !selfSigned
      ? []
      : ['  Other devices warn about the self-signed certificate once; go on from there.', '']),
  ];
  return `${lines.join('\n')}\n`;
}

const indent = (text: string): string => text.replaceAll(/^/gmu, '  ');
