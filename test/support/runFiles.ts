// The process of one suite: runs the test files given as arguments.
import { endWithParent } from './endWithParent.ts';
import { newMocha, runMocha } from './mocha.ts';

endWithParent();
const mocha = newMocha();
mocha.files = process.argv.slice(2);
await mocha.loadFilesAsync();
// Ends the process even when a test left a handle open: the leak checks are assertions, not a hang.
process.exit((await runMocha(mocha)) > 0 ? 1 : 0);
