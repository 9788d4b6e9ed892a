import { readFileSync } from 'node:fs';

/**
 * Names what a binary was built for. The distribution's release is part of it, because the worker links its libraries
 * and a home folder may outlive an upgrade or be shared between machines.
 * @param {string} [osRelease] the text of /etc/os-release
 * @returns {string}
 */
export function platformName(osRelease = readOsRelease()) {
  const distribution = ['ID', 'VERSION_ID'].map((name) => fieldOf(osRelease, name)).filter((field) => field !== '');
  return [process.platform, process.arch, ...distribution].join('-');
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}

/**
 * @param {string} text
 * @param {string} name
 */
function fieldOf(text, name) {
  const value = new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return value.replace(/[^A-Za-z0-9._]/g, '');
}
