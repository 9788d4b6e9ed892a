import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Prepares apt to fetch source packages from the machine's own mirrors without touching the machine's configuration:
 * few machines have source packages enabled. Answers the options for apt-get.
 * @param {string} folder for lists and cache
 * @param {string} [etc] where the machine's package sources are declared
 * @returns {string[] | undefined} undefined when the machine declares none
 */
export function privateApt(folder, etc = '/etc/apt') {
  const sources = join(folder, 'sources');
  mkdirSync(sources, { recursive: true });
  let found = 0;
  for (const { name, text } of readSources(etc)) {
    const derived = name.endsWith('.sources') ? sourceStanzas(text) : sourceLines(text);
    if (derived === '') continue;
    writeFileSync(join(sources, name), derived);
    found++;
  }
  if (found === 0) return undefined;
  mkdirSync(join(folder, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(folder, 'cache', 'archives', 'partial'), { recursive: true });
  const config = join(folder, 'apt.conf');
  writeFileSync(config, configuration(folder, sources));
  return ['-q', `--config-file=${config}`];
}

/**
 * @param {string} folder
 * @param {string} sources
 */
function configuration(folder, sources) {
  return [
    'Dir::Etc::SourceList "/dev/null";',
    `Dir::Etc::SourceParts "${sources}";`,
    `Dir::State::Lists "${folder}/lists";`,
    `Dir::Cache "${folder}/cache";`,
    'Acquire::Languages "none";',
    'Acquire::Retries "1";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
    // apt's own unprivileged user may not see into a user's cache folder.
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User "root";'] : ['Debug::NoLocking "true";']),
    // What the machine does after its own updates is not for this one.
    '#clear APT::Update::Pre-Invoke;',
    '#clear APT::Update::Post-Invoke;',
    '#clear APT::Update::Post-Invoke-Success;',
    '',
  ].join('\n');
}

/** @param {string} etc */
function readSources(etc) {
  const parts = join(etc, 'sources.list.d');
  const files = [
    join(etc, 'sources.list'),
    ...listFolder(parts)
      .filter((name) => /^[A-Za-z0-9_.-]+\.(list|sources)$/.test(name))
      .map((name) => join(parts, name)),
  ];
  return files.flatMap((file) => {
    try {
      return [{ name: file.slice(file.lastIndexOf('/') + 1), text: readFileSync(file, 'utf8') }];
    } catch {
      return [];
    }
  });
}

/** @param {string} folder */
function listFolder(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/**
 * sources.list(5), one-line style: every "deb" line becomes a "deb-src" line.
 * @param {string} text
 */
export function sourceLines(text) {
  return text
    .split('\n')
    .filter((line) => /^deb\s/.test(line))
    .map((line) => `${line.replace(/^deb\s/, 'deb-src ')}\n`)
    .join('');
}

/**
 * sources.list(5), deb822 style: every enabled stanza of binary packages becomes one of source packages.
 * @param {string} text
 */
export function sourceStanzas(text) {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split(/\n\s*\n/)
    .filter((stanza) => /^Types:.*\bdeb(\s|$)/im.test(stanza) && !/^Enabled:\s*no/im.test(stanza))
    .map((stanza) => `${stanza.trim().replace(/^Types:.*$/im, 'Types: deb-src')}\n`)
    .join('\n');
}
