import { quoteWord } from '../words.ts';

export type ClientArguments = {
  help: boolean;
  port?: number;
  socket?: string;
  dataFolder?: string;
  /** What is left: a command line. */
  line: string;
};

const withValue = ['--port', '--socket', '--data-folder'];

/** Options come before the command, so that those of the command are its own. Throws a readable error. */
export function readArguments(args: readonly string[]): ClientArguments {
  const read: ClientArguments = { help: false, line: '' };
  let at = 0;
  for (; args[at]?.startsWith('-'); at += 1) {
    const [name = '', inline] = (args[at] ?? '').split(/=(.*)/su, 2);
    if (name === '-h' || name === '--help') read.help = true;
    else if (!withValue.includes(name)) {
      throw new Error(`${name} is not known; allowed: ${withValue.join(', ')}, --help`);
    } else {
      const value = inline ?? args[(at += 1)];
      if (value === undefined || value === '') throw new Error(`${name} needs a value`);
      if (name === '--port') read.port = readPort(value);
      else if (name === '--socket') read.socket = value;
      else read.dataFolder = value;
    }
  }
  const rest = args.slice(at);
  // One argument is a whole line, as in `exec 'dr --json'`; several are the words of one.
  return { ...read, line: rest.length === 1 ? (rest[0] ?? '') : rest.map(quoteWord).join(' ') };
}

function readPort(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/u.test(value) && port <= 65_535) return port;
  throw new Error(`--port ${value} is not allowed; allowed: a port number`);
}
