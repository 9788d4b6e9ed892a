export { locateWorker } from './locate.mjs';
export { buildWorker } from './build.mjs';
export { proveWorker } from './prove.mjs';
export { SetupError } from './errors.mjs';
