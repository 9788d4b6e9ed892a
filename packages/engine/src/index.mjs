export { buildWorker } from './build.mjs';
export { proveWorker } from './prove.mjs';
export { SetupError } from './errors.mjs';
export { choices, isChoice, keepChoice, readChoice } from './choice.mjs';
export { inspectCache, locateWorker, prebuiltWorker } from './locate.mjs';
export { findMediasoup } from './mediasoup.mjs';
export { buildPackages } from './requirements.mjs';
export { describePatches } from './patches.mjs';
