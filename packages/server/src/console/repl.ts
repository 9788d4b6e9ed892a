import { PassThrough } from 'node:stream';
import { start } from 'node:repl';
import { liftLine } from './prompt.ts';
import { wrapText } from './render/text.ts';
import { outputOf, type Terminal } from './terminal/terminal.ts';

export type OpenRepl = {
  feed(bytes: Uint8Array): void;
  lift(): void;
  redraw(): void;
  /** Resolves when it was left, by the operator or by `close`. */
  readonly left: Promise<void>;
  close(): void;
};

/** Node's own REPL with live objects by name; what is declared in it does not touch the server's global names. */
export function openRepl(
  terminal: Terminal,
  globals: { readonly [name: string]: () => unknown },
  historyFile: string,
): OpenRepl {
  const input = new PassThrough();
  const output = outputOf(terminal);
  const names = `Node.js ${process.version} inside the server. Here are: ${Object.keys(globals).join(', ')}.`;
  const how = '.help lists the commands, Ctrl-D or .exit goes back to the console.';
  terminal.write(`${wrapText(names, terminal.columns)}\n${wrapText(how, terminal.columns)}\n`);
  const repl = start({
    prompt: 'terminal> ',
    input,
    output,
    terminal: terminal.interactive,
    useColors: terminal.colors,
    useGlobal: false,
    preview: false,
  });
  for (const [name, get] of Object.entries(globals)) {
    Object.defineProperty(repl.context, name, { get, configurable: true, enumerable: true });
  }
  // Without a history the REPL works as well.
  repl.setupHistory(historyFile, () => {});
  const { promise: left, resolve } = Promise.withResolvers<void>();
  // Without a listener Ctrl-Z would stop the process of the server.
  repl.on('SIGTSTP', () => {});
  repl.on('exit', () => resolve());
  return {
    feed: (bytes) => input.write(bytes),
    lift: () => liftLine(repl, output),
    redraw: () => repl.displayPrompt(true),
    left,
    close: () => repl.close(),
  };
}
