/** Where a value came from, weakest first. */
export type Source =
  | { kind: 'default' }
  | { kind: 'file'; file: string }
  | { kind: 'environment'; name: string }
  | { kind: 'flag'; name: string };

/** A value for the setting `path`, not yet checked. */
export type Given = { path: string; value: unknown; source: Source };

/** Something that the operator must put right. */
export type Problem = { where: string; what: string };

export function showSource(source: Source): string {
  switch (source.kind) {
    case 'default':
      return 'default';
    case 'file':
      return `file ${source.file}`;
    case 'environment':
      return `environment ${source.name}`;
    case 'flag':
      return `flag --${source.name}`;
  }
}

/** All problems as one message for the terminal. */
export function showProblems(problems: readonly Problem[]): string {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const lines = problems.map(({ where, what }) => `  ${where}\n    ${what}`);
  return `Potluck did not start: ${count} in its configuration.\n\n${lines.join('\n')}\n\nAll settings: --help, or docs/configuration.md`;
}
