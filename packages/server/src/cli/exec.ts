/** `potluck exec COMMAND`: one console command, for scripts. */
import { exitWith, runProgram } from '../console/client/program.ts';

await exitWith(await runProgram('exec'));
