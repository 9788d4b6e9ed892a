import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheFolder } from './cache.mjs';
import { SetupError } from './errors.mjs';

/** @typedef {typeof choices[number]} Choice */

/**
 * Which worker the user wants: the one built here (`tuned`), the same without its batching of UDP sends (`plain`), or
 * the one that mediasoup's own install step downloads (`prebuilt`). Without a choice: the first that there is.
 */
export const choices = /** @type {const} */ (['tuned', 'plain', 'prebuilt']);

/** @param {NodeJS.ProcessEnv} [env] */
const choiceFile = (env) => join(cacheFolder(env), 'engine', 'use');

/**
 * The user's choice, or undefined when none was made.
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Choice | undefined}
 */
export function readChoice(env = process.env) {
  const file = choiceFile(env);
  let text;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
  if (isChoice(text)) return text;
  throw new SetupError(`${file} says "${text}"; allowed: ${choices.join(', ')}.`, {
    remedy: 'npx potluck engine use tuned',
  });
}

/**
 * Keeps the choice for every later start of this user; undefined forgets it.
 * @param {Choice | undefined} choice
 * @param {NodeJS.ProcessEnv} [env]
 */
export function keepChoice(choice, env = process.env) {
  const file = choiceFile(env);
  if (choice === undefined) return rmSync(file, { force: true });
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // By a rename, so that a server that starts meanwhile reads the one or the other.
  writeFileSync(`${file}.${process.pid}`, `${choice}\n`);
  renameSync(`${file}.${process.pid}`, file);
}

/**
 * @param {string | undefined} text
 * @returns {text is Choice}
 */
export function isChoice(text) {
  return choices.some((one) => one === text);
}
