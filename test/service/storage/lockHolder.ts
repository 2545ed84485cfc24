/** Takes the lock of the folder given, says how that went, and stays until it is killed or its input ends. */
import { acquireLock } from '../../../service/storage/lock.ts';

const [folder = ''] = process.argv.slice(2);
// A common start: the parent sends a line when every process has come this far.
process.stdout.write('ready\n');
process.stdin.once('data', () => {
  acquireLock(folder).then(
    () => process.stdout.write('held\n'),
    (error: { code?: string }) => {
      process.stdout.write(`${error.code ?? 'unknown'}\n`);
      process.stdin.destroy();
    },
  );
});
process.stdin.once('end', () => process.exit(0));
