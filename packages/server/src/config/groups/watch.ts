import { choice, flag, group, text, whole } from '../setting.ts';

export const logSettings = group(
  { title: 'Log', doc: 'What is written to standard output; docs/logging.md explains names and levels.' },
  {
    pattern: text('*INFO* *WARN* *ERROR*', {
      flag: 'debug',
      env: ['DEBUG'],
      doc: 'Names of the log lines to write, with `*` for anything and `-` for «not»: `*potluck* *WARN* -*:rtp`. Can be changed while the server runs.',
    }),
    format: choice(['auto', 'human', 'json'], 'auto', {
      flag: 'log-format',
      env: ['LOG_FORMAT'],
      doc: 'Lines for people or one JSON object a line. auto: people on a terminal, JSON otherwise.',
    }),
    statusEverySeconds: whole(
      30,
      { min: 0, max: 86_400 },
      {
        flag: 'status-every-seconds',
        doc: 'How often one line is logged for each room and one for the workers; 0 switches it off.',
        unit: 'seconds',
      },
    ),
    qrCode: flag(true, {
      flag: 'qr-code',
      doc: 'Whether the link for other devices is also shown as a QR code on a terminal.',
    }),
  },
);

export const consoleSettings = group(
  { title: 'Console', doc: 'The command console.' },
  {
    interactive: flag(true, {
      flag: 'interactive',
      env: ['INTERACTIVE'],
      doc: 'Whether the command console opens in the terminal where the server was started. Without a terminal it does not matter.',
    }),
  },
);
