import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `/** … *\/` of exported names and of their fields, by name: the schemas cannot carry their docstrings. */
export type Comments = {
  of(name: string): string | undefined;
  field(owner: string, field: string): string | undefined;
};

export function readComments(folder: string): Comments {
  const found = new Map<string, string>();
  for (const file of globSync('*.ts', { cwd: folder }).toSorted()) {
    if (!file.endsWith('.test.ts')) collect(readFileSync(join(folder, file), 'utf8'), found);
  }
  return { of: (name) => found.get(name), field: (owner, field) => found.get(`${owner}.${field}`) };
}

/** Top-level names own what is indented below them; in the tables of messages each message does. */
function collect(source: string, found: Map<string, string>): void {
  let owner = '';
  let comment: string | undefined;
  let open: string[] | undefined;
  for (const line of source.split('\n')) {
    const text = line.trim();
    if (open) {
      open.push(text.replace(/\*\/$/, '').replace(/^\*/, '').trim());
      if (text.endsWith('*/')) [comment, open] = [open.join(' ').trim(), undefined];
      continue;
    }
    if (text.startsWith('/**')) {
      if (text.endsWith('*/')) comment = text.slice(3, -2).trim();
      else open = [text.slice(3).trim()];
      continue;
    }
    const exported = /^(?:export )?const (\w+)/.exec(line)?.[1];
    const message = /^ {2}'?([\w-]+)'?: \{/.exec(line)?.[1];
    const field = /^\s{2,}(\w+)(?::|,$)/.exec(line)?.[1];
    if (exported !== undefined) owner = exported;
    else if (message !== undefined) owner = message;
    if (comment !== undefined) {
      if (exported !== undefined) found.set(exported, comment);
      else if (field !== undefined) found.set(`${owner}.${field}`, comment);
      comment = undefined;
    }
  }
}
