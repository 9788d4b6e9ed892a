import { isOnPath } from '../../packages/engine/src/run.mjs';
import { installSystemPackages, missingPackages } from './system.mjs';

/** What the tests start: real browsers, real senders, and a network that can be made bad. */
const packages = [
  'chromium',
  'ffmpeg',
  'gstreamer1.0-tools',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'iproute2',
  'procps',
  'tmux',
];

/** Says enough on a system without dpkg, where the packages have other names. */
const programs = ['chromium', 'ffmpeg', 'ffprobe', 'gst-launch-1.0', 'ip', 'ps', 'tmux'];

/** @type {import('./main.mjs').Step} */
export const testToolsStep = {
  task: 'install what the tests need',

  isDone() {
    const missing = missingPackages(packages);
    return missing ? missing.length === 0 : programs.every((name) => isOnPath(name));
  },

  run(context) {
    return installSystemPackages(packages, 'for the tests', context);
  },
};
