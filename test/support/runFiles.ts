// The process of one suite: runs the test files given as arguments.
import { endWithParent } from './endWithParent.ts';
import { newMocha, runMocha } from './mocha.ts';

endWithParent();
const mocha = newMocha();
mocha.files = process.argv.slice(2);
await mocha.loadFilesAsync();
const failed = await runMocha(mocha);
// A pipe takes what is printed when its reader does; the end of the process would cut it off.
for (const stream of [process.stdout, process.stderr])
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
// Ends the process even when a test left a handle open: the leak checks are assertions, not a hang.
process.exit(failed > 0 ? 1 : 0);
