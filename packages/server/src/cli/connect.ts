/** `potluck connect`: a console in this terminal, of a server that runs elsewhere on this machine. */
import { exitWith, runProgram } from '../console/client/program.ts';

await exitWith(await runProgram('connect'));
