import { endGroup } from './processGroup.ts';

/**
 * Ends this process, and with it all that it has started, when the test run that started it is gone. A run that is killed
 * cannot ask its parts to end: the channel between the two closes, which is seen here. Does nothing without a channel.
 */
export function endWithParent(): void {
  if (!process.channel) return;
  // With a listener of its own a signal runs the tasks of the process's end: browsers and servers are ended there.
  process.once('SIGTERM', () => process.exit(130));
  process.once('disconnect', () => {
    // The part leads a group of its own; the stand-in for VS Code is in it.
    endGroup(process.pid, 'SIGTERM');
    process.exit(130);
  });
  // The channel alone does not keep the process alive.
  process.channel.unref();
}
