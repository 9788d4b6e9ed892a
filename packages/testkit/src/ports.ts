export { freePorts } from '../../server/src/cli/free-ports.ts';
