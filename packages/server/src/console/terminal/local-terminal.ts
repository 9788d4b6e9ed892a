import { readFileSync } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import { Emitter } from '@potluck/kernel';
import type { Screen } from './screen.ts';
import type { Terminal, TerminalEvents } from './terminal.ts';

export type LocalStreams = { input: ReadStream; output: WriteStream; screen: Screen; colors: boolean };

/** Takes over the terminal in which the server was started: from here on every key comes to us. */
export function openLocalTerminal({ input, output, screen, colors }: LocalStreams): Terminal {
  const events = new Emitter<TerminalEvents>();
  const onData = (bytes: Buffer) => events.emit('input', bytes);
  const onEnd = () => events.emit('inputEnded');
  const onLost = () => events.emit('lost');
  const onResize = () => events.emit('resized');
  input.setRawMode(true);
  input.on('data', onData).on('end', onEnd).on('error', onLost);
  output.on('resize', onResize);
  input.resume();
  let ended = false;
  const write = (text: string): void => {
    if (!ended) screen.draw(text);
  };
  return {
    events,
    interactive: true,
    get columns() {
      return output.columns || 80;
    },
    get rows() {
      return output.rows || 24;
    },
    colors,
    behind: false,
    write,
    writeError: write,
    end: (_status, farewell) => {
      if (ended) return;
      ended = true;
      input.off('data', onData).off('end', onEnd).off('error', onLost);
      output.off('resize', onResize);
      // Without its terminal (hang-up) there is nothing left to give back.
      if (!input.destroyed) input.setRawMode(false);
      input.pause();
      if (farewell !== '') screen.draw(`${farewell}\n`);
    },
  };
}

/**
 * Whether we may read from the terminal. A server that was started in the background (`npm start &`) would be stopped by
 * the system for trying (SIGTTIN, SIGTTOU).
 */
export function isForeground(): boolean {
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // proc(5): after the name, which may hold anything: state, ppid, pgrp, session, tty_nr, tpgid.
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return true;
  }
}
